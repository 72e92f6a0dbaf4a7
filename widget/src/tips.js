// What fields mean, and the first steps on a screen: loaded when somebody points at the first field
// that has help, or when the host page wants tours. One listener for all fields; nothing is inserted
// into the page.
(() => {
  'use strict';
  const { ask, tell, make, shade, given, es } = Corbel.parts;
  const DELAY = 350;
  const WORDS = es
    ? { more: 'Leer más', mark: 'Qué significa', next: 'Siguiente', done: 'Entendido', later: 'Más tarde', never: 'No mostrar más', step: 'Paso {} de {}', back: 'Atrás' }
    : { more: 'Read more', mark: 'What this means', next: 'Next', done: 'Got it', later: 'Later', never: 'Don’t show again', step: 'Step {} of {}', back: 'Back' };
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.tip,.step{position:fixed;z-index:2147482999;max-inline-size:min(20rem,calc(100vw - 1rem));padding:.75rem .875rem;border-radius:8px;font:400 .875rem/1.45 system-ui,sans-serif;color:light-dark(#14233f,#e8effb);background:light-dark(#fff,#0f2441);border:1px solid light-dark(#7586a3,#7390bd);box-shadow:0 8px 24px rgb(0 0 0/.24);color-scheme:light dark}
.tip p,.step p{margin:.25rem 0 0}.tip b,.step b{font-weight:650}.soft{color:light-dark(#43546f,#b7c8e3)}
.tip button,.step button,.mark{position:static;inline-size:auto;block-size:auto;min-block-size:2rem;padding:.25rem .5rem;border:0;border-radius:4px;box-shadow:none;font:inherit;color:light-dark(#21479f,#a3c3ff);background:none;text-decoration:underline;cursor:pointer}
.step:empty{opacity:0}
.step .go{color:#fff;background:#23459b;text-decoration:none;padding-inline:.75rem}
.tip button:focus-visible,.step button:focus-visible,.mark:focus-visible{outline:2px solid light-dark(#2a5bd7,#cfe0ff);box-shadow:none}
.mark{position:fixed;z-index:2147482998;inline-size:2rem;block-size:2rem;padding:0;border-radius:50%;color:#fff;background:#23459b;text-decoration:none;font-weight:650}
.row{display:flex;flex-wrap:wrap;gap:.25rem .5rem;align-items:center;margin-block-start:.5rem}
.ring{position:fixed;z-index:2147482997;border-radius:6px;outline:3px solid #2a5bd7;outline-offset:3px;pointer-events:none}`);
  shade.adoptedStyleSheets = [...shade.adoptedStyleSheets, sheet];

  const known = new Map();
  let [shown, timer, mark, from] = [null, 0, null, null];

  const text = (name, words, parent, attributes = {}) => {
    const made = make(name, attributes, parent);
    made.textContent = words;
    return made;
  };
  const press = (words, parent, call, attributes = {}) => {
    const made = text('button', words, parent, { type: 'button', ...attributes });
    made.onclick = call;
    return made;
  };

  // beside the field, above it where there is no room below, and never off the screen
  const beside = (box, field) => {
    const at = field.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const below = at.bottom + 8 + size.height <= innerHeight;
    const top = below ? at.bottom + 8 : Math.max(8, at.top - 8 - size.height);
    const left = Math.min(Math.max(8, at.left), innerWidth - size.width - 8);
    Object.assign(box.style, { top: `${top}px`, left: `${Math.max(8, left)}px` });
  };

  const meaning = async (key) => {
    if (!known.has(key)) {
      const keys = [...new Set([key, ...[...document.querySelectorAll('[data-help]')].map((one) => one.dataset.help)])].filter((one) => !known.has(one)).slice(0, 60);
      const found = ask('terms', { keys }).then((terms) => {
        if (!terms) for (const one of keys) known.delete(one); // not told; whoever points there next asks anew
        return new Map((terms || []).map((term) => [term.key, term]));
      });
      for (const one of keys) known.set(one, found.then((all) => all.get(one)));
    }
    return known.get(key);
  };

  // a description in the page itself: nothing in a shadow can describe what is outside it
  const described = document.createElement('span');
  described.id = 'corbel-tip';
  described.hidden = true;

  const CONTROLS = 'input, select, textarea, button, a[href], [tabindex]';
  // what is read out with its description: the field itself, or what stands in it or belongs to it
  const controlOf = (field) => (field.matches(CONTROLS) ? field : field.querySelector(CONTROLS) || field.control || field);

  const hide = () => {
    clearTimeout(timer);
    shown?.box.remove();
    if (shown?.control.getAttribute('aria-describedby')) {
      const rest = shown.control.getAttribute('aria-describedby').split(' ').filter((one) => one !== described.id).join(' ');
      if (rest) shown.control.setAttribute('aria-describedby', rest); else shown.control.removeAttribute('aria-describedby');
    }
    shown = null;
  };

  const show = async (field) => {
    const term = await meaning(field.dataset.help);
    if (!term || from !== field || shown?.field === field) return;
    hide();
    const box = make('div', { class: 'tip', role: 'tooltip', lang: term.language });
    text('b', term.term, box);
    text('p', term.definition, box);
    if (term.usage) text('p', term.usage, box, { class: 'soft' });
    if (term.article) press(WORDS.more, box, () => { hide(); Corbel.show(term.article); });
    box.onpointerenter = () => clearTimeout(timer);
    box.onpointerleave = () => leave(field);
    const control = controlOf(field);
    shown = { box, field, control };
    described.textContent = [term.term, term.definition, term.usage].filter(Boolean).join('. ');
    if (!described.isConnected) document.body.append(described);
    control.setAttribute('aria-describedby', [control.getAttribute('aria-describedby'), described.id].filter(Boolean).join(' '));
    beside(box, field);
  };

  const soon = (field, delay) => {
    from = field;
    clearTimeout(timer);
    timer = setTimeout(show, delay, field);
  };
  const leave = (field) => {
    clearTimeout(timer);
    timer = setTimeout(() => { if (!field.matches(':focus-within')) { from = null; hide(); } }, 200);
  };

  const touch = (field) => { // where nothing hovers: a mark at the field's corner, pressed if wanted
    mark?.remove();
    mark = press('?', shade, () => { mark.remove(); from = field; show(field); }, { class: 'mark', 'aria-label': WORDS.mark });
    const at = field.getBoundingClientRect();
    Object.assign(mark.style, { top: `${Math.max(4, at.top - 12)}px`, left: `${Math.min(at.right - 12, innerWidth - 40)}px` });
  };

  const field = (event) => event.target.closest?.('[data-help]');
  const over = (event) => {
    const found = field(event);
    if (!found) return;
    if (event.pointerType === 'touch') touch(found); else soon(found, DELAY);
  };
  const focused = (event) => {
    const found = field(event);
    if (found) { if (!mark?.isConnected) soon(found, DELAY); } else { from = null; hide(); }
  };
  document.addEventListener('pointerover', over);
  document.addEventListener('pointerout', (event) => { const found = field(event); if (found && event.pointerType !== 'touch' && !found.contains(event.relatedTarget)) leave(found); });
  document.addEventListener('focusin', focused);
  document.addEventListener('focusout', (event) => { const found = field(event); if (found) leave(found); });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !(shown || mark?.isConnected)) return;
    event.preventDefault();
    from = null;
    mark?.remove();
    hide();
  }, true);
  addEventListener('scroll', () => { mark?.remove(); if (shown) beside(shown.box, shown.field); }, { passive: true, capture: true });
  Corbel.on('page', () => { from = null; mark?.remove(); hide(); });
  Corbel.on('explain', (event) => (event.type === 'focusin' ? focused(event) : over(event)));

  // -- first steps

  let tour = null;
  const put = new Set(); // away for this visit
  const end = () => {
    const { box, ring, back } = tour ?? {};
    tour = null;
    const had = box?.contains(shade.activeElement);
    box?.remove();
    ring?.remove();
    if (had) back?.focus?.();
  };
  const never = () => { tell('dismiss', { orientation: tour.id, edition: tour.edition }); end(); };
  const later = () => { put.add(tour.id); end(); };

  const go = (number) => {
    const step = tour.steps[number];
    const target = step.target && document.querySelector(`[data-help="${CSS.escape(step.target)}"]`);
    const inside = tour.box.contains(shade.activeElement);
    tour.number = number;
    tour.box.replaceChildren();
    tour.box.setAttribute('aria-label', step.title);
    text('span', WORDS.step.replace('{}', number + 1).replace('{}', tour.steps.length), tour.box, { class: 'soft' });
    text('p', '', tour.box).append(Object.assign(document.createElement('b'), { textContent: step.title }));
    text('p', step.text, tour.box);
    const row = make('div', { class: 'row' }, tour.box);
    const final = number === tour.steps.length - 1;
    const next = press(final ? WORDS.done : WORDS.next, row, () => (final ? never() : go(number + 1)), { class: 'go' });
    if (number) press(WORDS.back, row, () => go(number - 1));
    if (!final) { press(WORDS.later, row, later); press(WORDS.never, row, never); }
    tour.ring.hidden = !target;
    if (target) {
      target.scrollIntoView({ block: 'center', behavior: 'instant' });
      const at = target.getBoundingClientRect();
      Object.assign(tour.ring.style, { top: `${at.top}px`, left: `${at.left}px`, width: `${at.width}px`, height: `${at.height}px` });
      beside(tour.box, target);
    } else Object.assign(tour.box.style, { top: '20vh', left: `calc(50vw - ${tour.box.offsetWidth / 2}px)` });
    if (inside || tour.leads) next.focus();
  };

  const begin = async (again) => {
    const found = await ask('tour', { again });
    if (!found?.steps.length || tour || (!again && put.has(found.id))) return;
    if (!again && !shade.querySelector('.panel').hidden) return; // the panel was opened meanwhile
    const back = document.activeElement;
    const leads = again || back === document.body; // who is at work keeps the focus, and hears of it
    const box = make('div', { class: 'step', role: 'dialog', 'aria-live': 'polite', lang: found.language });
    tour = { ...found, back, leads, ring: make('div', { class: 'ring', hidden: '' }), box };
    tour.box.onkeydown = (event) => {
      if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); later(); }
      if (event.key === 'ArrowRight' && tour.number < tour.steps.length - 1) go(tour.number + 1);
      if (event.key === 'ArrowLeft' && tour.number) go(tour.number - 1);
    };
    if (!leads) await new Promise((done) => { setTimeout(done, 100); }); // readers tell what comes into it
    if (tour?.box !== box) return;
    hide(); // one thing is explained at a time
    go(0);
  };
  Corbel.on('open', () => { if (tour) later(); });
  Corbel.on('tour', () => begin(false));
  Corbel.on('tour:again', () => { Corbel.close(); begin(true); });
  if ('tours' in given) Corbel.on('page', () => { end(); begin(false); });
})();
