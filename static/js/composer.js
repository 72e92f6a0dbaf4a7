// The reply box: drafts saved as one types, Ctrl+Enter sends, preview folds in.
// Any form with data-draft-url saves its drafts the same way.
(() => {
  'use strict';
  const PAUSE = 900;
  const timers = new WeakMap();
  let leaving = false;  // the next page may have been asked for before the draft was there
  const key = (form) => `draft:${form.dataset.draftUrl}`;
  const state = (form, text) => {
    const place = form.querySelector('[data-draft-state]');
    if (place && text) place.textContent = text;
  };

  const keep = (form) => {
    try { localStorage.setItem(key(form), form.elements.body.value); } catch { /* full or forbidden */ }
  };
  const kept = (form) => {
    try { return localStorage.getItem(key(form)); } catch { return null; }
  };
  const forget = (form) => {
    try { localStorage.removeItem(key(form)); } catch { /* nothing was kept */ }
  };

  const draftOf = (form) => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) {
      if (value instanceof File) data.delete(name);
    }
    return data;
  };

  const save = async (form) => {
    if (form.dataset.sending) return;
    keep(form);
    try {
      const answer = await fetch(form.dataset.draftUrl, { method: 'POST', body: draftOf(form) });
      if (!answer.ok) throw new Error(answer.status);
      if (!leaving) forget(form);
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: document.documentElement.dataset.zone });
      state(form, form.dataset.saved?.replace('{}', time.format(new Date())));
    } catch {
      state(form, form.dataset.unsaved);
    }
  };

  const saveSoon = (form) => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(save, PAUSE, form));
  };

  const drafting = (node) => node?.closest?.('form[data-draft-url]');

  const togglePreview = (button) => {
    const form = button.closest('form');
    const shown = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(shown));
    form.querySelector('[data-preview]').hidden = !shown;
    form.elements.body.hidden = shown;
    if (!shown) form.elements.body.focus();
  };

  const drafts = () => document.querySelectorAll('form[data-draft-url]');

  const restore = (form) => {
    const text = kept(form);
    const { body } = form.elements;
    if (!text || !body) return;
    if (body.value === text) forget(form);  // the server knows it
    if (body.value) return;
    body.value = text;
    saveSoon(form);
  };

  document.addEventListener('input', (event) => {
    const form = drafting(event.target);
    if (!form) return;
    leaving = false;
    saveSoon(form);
  });
  // Before submit-once takes the button: with no connection nothing leaves and nothing is lost.
  document.addEventListener('submit', (event) => {
    const form = drafting(event.target);
    if (!form) return;
    clearTimeout(timers.get(form));
    if (navigator.onLine) { forget(form); return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(form);
    state(form, form.dataset.unsaved);
  }, true);
  document.addEventListener('htmx:sendError', (event) => {
    if (drafting(event.target) === event.target) keep(event.target);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest?.('form[data-composer]');
    if (form) form.requestSubmit(form.querySelector('[data-busy]'));
  });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-preview-toggle]');
    if (button) togglePreview(button);
  });
  addEventListener('online', () => {
    for (const form of drafts()) {
      if (!kept(form)) continue;
      restore(form);  // a page that is still loading must not save its empty box over the words
      save(form);
    }
  });
  addEventListener('beforeunload', () => { leaving = true; });
  addEventListener('pageshow', () => { leaving = false; });
  const writtenIn = (form) => [...form.elements].some(({ value, defaultValue }) => value !== (defaultValue ?? value));
  document.addEventListener('DOMContentLoaded', () => {
    for (const form of drafts()) {
      if (writtenIn(form)) saveSoon(form);  // before anybody listened
      restore(form);
    }
  });
})();
