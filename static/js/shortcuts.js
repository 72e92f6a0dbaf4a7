// Single keys for people who live in the queue. An element says data-key="g m" or data-key="r";
// rows say data-row. Off while typing, and off for good if one says so in the help dialog.
(() => {
  'use strict';
  const OFF = 'shortcuts-off';
  let pending = '';
  let timer;

  const enabled = () => {
    try { return !localStorage.getItem(OFF); } catch { return true; }
  };
  const typing = (node) => node.matches?.('input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]');

  const rows = () => [...document.querySelectorAll('[data-row]')];
  const move = (step) => {
    const all = rows();
    const here = all.indexOf(document.activeElement);
    const next = all[Math.max(0, Math.min(all.length - 1, here + step))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };

  const press = (target) => {
    const control = target.querySelector?.('input') ?? target;
    if (control.matches('textarea, input:not([type="radio"], [type="checkbox"])')) control.focus();
    else control.click();
    const form = control.closest('form[data-composer]');
    form?.elements.body?.focus();
  };

  const act = (keys) => {
    if (keys === 'j') return move(1);
    if (keys === 'k') return move(-1);
    if (keys === '?') return document.getElementById('shortcuts')?.showModal();
    const target = document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
    if (target) press(target);
    return target;
  };

  const starts = (key) => document.querySelector(`[data-key^="${CSS.escape(key)} "]`);

  // Keys are words while one writes; the next Tab goes on from where one has left.
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing || document.querySelector('dialog[open]')) return;
    if (event.target.matches?.('form[data-composer] textarea')) event.target.blur();
  });

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key.length !== 1 || typing(event.target) || !enabled()) return;
    if (document.querySelector('dialog[open]')) return;
    const keys = pending ? `${pending} ${event.key}` : event.key;
    clearTimeout(timer);
    pending = !pending && starts(event.key) ? event.key : '';
    timer = setTimeout(() => { pending = ''; }, 1200);
    if (pending) return;
    const known = ['j', 'k', '?'].includes(keys) || document.querySelector(`[data-key="${CSS.escape(keys)}"]`);
    if (!known) return;
    event.preventDefault();
    act(keys);
  });

  document.addEventListener('DOMContentLoaded', () => {
    const box = document.querySelector('[data-shortcuts-on]');
    if (!box) return;
    box.checked = enabled();
    box.onchange = () => {
      try { box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, '1'); } catch { /* this page only */ }
    };
  });
})();
