// The help centre: where one is in an article, links to its sections, code to copy, pictures to
// look at, and that somebody has read it.
(() => {
  'use strict';
  const LONG_ENOUGH = 5; // seconds before somebody's eyes
  const SMALLEST = 160; // pixels; what is narrower is a sign among words
  const words = () => document.querySelector('[data-readings]')?.dataset ?? {};

  const button = (css, icon, label) => {
    const made = document.getElementById(`page-${icon}`)?.content.firstElementChild.cloneNode(true);
    if (!made) return null;
    made.classList.add(css);
    made.setAttribute('aria-label', label);
    made.title = label;
    return made;
  };

  const said = (text) => document.dispatchEvent(new CustomEvent('corbel:toast', { detail: { text } }));

  const copy = async (text, done) => {
    try {
      await navigator.clipboard.writeText(text);
      said(done);
    } catch { /* the address bar has it, and the code can be marked by hand */ }
  };

  const linkHeadings = (body) => {
    for (const heading of body.querySelectorAll(':is(h2, h3, h4)[id]')) {
      const link = button('anchor', 'link', `${words().copyLink}: ${heading.textContent.trim()}`);
      if (!link) return;
      link.addEventListener('click', () => {
        const address = `${location.origin}${location.pathname}#${heading.id}`;
        history.replaceState(history.state, '', address);
        copy(address, words().copied);
      });
      // a heading is called by its words alone, also in a screen reader's list of headings
      const name = document.createElement('span');
      name.id = `${heading.id}--name`;
      name.append(...heading.childNodes);
      heading.setAttribute('aria-labelledby', name.id);
      heading.append(name, link);
    }
  };

  const offerCode = (body) => {
    for (const code of body.querySelectorAll('pre')) {
      const copying = button('copy', 'copy', words().copyCode);
      if (!copying) return;
      const text = code.textContent;
      copying.addEventListener('click', () => copy(text, words().copied));
      const frame = code.parentElement.matches('figure, .code') ? code.parentElement : code;
      if (frame === code) {
        const around = document.createElement('div');
        around.className = 'code';
        code.replaceWith(around);
        around.append(code, copying);
      } else frame.append(copying);
    }
  };

  const enlarge = (picture) => {
    const dialog = document.getElementById('page-picture');
    const shown = dialog.querySelector('img');
    shown.src = picture.currentSrc || picture.src;
    shown.alt = picture.alt;
    dialog.querySelector('p').textContent = picture.closest('figure')?.querySelector('figcaption')?.textContent ?? '';
    dialog.showModal();
  };

  const offerPictures = (body) => {
    for (const picture of body.querySelectorAll('img')) {
      if (picture.closest('a, button') || picture.width < SMALLEST) continue;
      picture.tabIndex = 0;
      picture.setAttribute('role', 'button');
      picture.setAttribute('aria-label', `${words().enlarge}: ${picture.alt}`);
      picture.classList.add('zoom');
      picture.addEventListener('click', () => enlarge(picture));
      picture.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        enlarge(picture);
      });
    }
  };

  // The section whose heading was passed last.
  const followSections = (body, contents) => {
    const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
    const headings = [...body.querySelectorAll('[id]')].filter((one) => links.has(one.id));
    let queued = false;
    const mark = () => {
      queued = false;
      const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
      const passed = headings.filter((one) => one.getBoundingClientRect().top < 120);
      const here = (atEnd && passed.length ? headings.findLast((one) => one.getBoundingClientRect().top < innerHeight) : passed.at(-1)) ?? headings[0];
      for (const [id, link] of links) {
        if (id === here?.id) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    };
    const later = () => {
      if (!queued) requestAnimationFrame(mark);
      queued = true;
    };
    addEventListener('scroll', later, { passive: true });
    addEventListener('resize', later, { passive: true });
    mark();
  };

  const tellOnce = (article) => {
    let seconds = 0;
    const tell = () => {
      clearInterval(clock);
      removeEventListener('scroll', tell);
      const { 'X-CSRFToken': token } = JSON.parse(document.body.getAttribute('hx-headers'));
      const body = new URLSearchParams({ from: article.dataset.from });
      fetch(article.dataset.readings, { method: 'POST', headers: { 'X-CSRFToken': token }, body, keepalive: true }).catch(() => {});
    };
    const clock = setInterval(() => {
      if (document.visibilityState === 'visible') seconds += 1;
      if (seconds >= LONG_ENOUGH) tell();
    }, 1000);
    addEventListener('scroll', tell, { passive: true });
  };

  document.addEventListener('DOMContentLoaded', () => {
    const article = document.querySelector('[data-readings]');
    const body = document.getElementById('article-body');
    if (!article || !body) return;
    const contents = document.querySelector('[data-contents]');
    if (contents) followSections(body, contents);
    linkHeadings(body);
    offerCode(body);
    addEventListener('load', () => offerPictures(body));
    tellOnce(article);
  });

  // On a phone the list of sections folds again when one was chosen.
  document.addEventListener('click', (event) => {
    const folded = event.target.closest?.('.contents-folded');
    if (folded && event.target.closest('a')) folded.open = false;
  });
})();
