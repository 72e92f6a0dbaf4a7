// Corbel's help on a host page. Everything that is shown or known lives in a frame of Corbel's;
// the two speak through one port, handed over once, from this page's origin to that of this script.
(() => {
  'use strict';
  const script = document.currentScript;
  const queue = window.Corbel;
  if (queue?.open) { console.warn('Corbel: loaded twice; the first stays'); return; }
  const source = new URL(script.src);
  const root = source.href.slice(0, source.href.lastIndexOf('/') + 1);
  const given = { corner: 'bottom-right', button: 'shown', ...script.dataset };
  const es = (given.lang || document.documentElement.lang || navigator.language).startsWith('es');
  const WORD = es ? 'Ayuda' : 'Help';
  const PHONE = matchMedia('(max-width: 40rem)');
  const LOOKS = `:host{all:initial;position:static!important}
button{position:fixed;z-index:2147483000;inline-size:3rem;block-size:3rem;border:0;border-radius:50%;font:600 1.375rem/1 system-ui,sans-serif;color:#fff;background:#23459b;box-shadow:0 4px 16px rgb(0 0 0/.28);cursor:pointer}
button:focus-visible{outline:3px solid #fff;box-shadow:0 0 0 6px #23459b}
[hidden]{display:none!important}
.panel{box-sizing:border-box;position:fixed;z-index:2147483001;inline-size:min(25rem,calc(100vw - 2rem));block-size:min(42rem,calc(100dvh - 2rem));border-radius:12px;overflow:hidden;background:Canvas;box-shadow:0 12px 48px rgb(0 0 0/.32);border:1px solid rgb(128 128 128/.4);color-scheme:light dark}
iframe{display:block;inline-size:100%;block-size:100%;border:0;color-scheme:normal}
.back{position:fixed;inset:0;z-index:2147483000;background:rgb(0 0 0/.45)}
.panel p{padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:CanvasText}
p button{position:static;display:block;inline-size:auto;padding:0 1rem;margin:.75rem 0;border-radius:6px;font-size:1rem}
.panel.sheet{inset:auto 0 0 0!important;inline-size:100%;block-size:88dvh;border-radius:16px 16px 0 0}
:host([data-shape=away]){visibility:hidden!important}
:host([data-shape=wide]) .panel{inline-size:min(72rem,calc(100vw - 2rem));block-size:100dvh}
@media(prefers-reduced-motion:no-preference){.panel:not([hidden]){animation:in .16s ease-out}}
@keyframes in{from{opacity:0;translate:0 12px}}
@media print{button,.panel{display:none}}`;
  const heard = {};
  const errors = [];
  const waiting = [];
  const asked = new Map();
  let [identity, fresh] = [given.token || null, false];
  let [host, shade, button, behind, panel] = [];
  let [port, frame, opener, isOpen, isReady, key, number, last] = [null, null, null, false, false, given.page, 0, ''];

  // of a guest who has written something, where the browser keeps nothing for frames of others
  const kept = (name) => { try { return localStorage.getItem(`corbel-${name}`); } catch { return null; } };
  const emit = (name, detail = {}) => (heard[name] || []).slice().forEach((call) => {
    try { call(detail); } catch (error) { console.error(error); }
  });
  const remember = (message) => {
    errors.push({ at: new Date().toISOString(), message: String(message).slice(0, 300) });
    errors.splice(0, errors.length - 5);
  };
  addEventListener('error', (event) => remember(event.message));
  addEventListener('unhandledrejection', (event) => remember(event.reason));

  const make = (name, attributes, parent = shade) => {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
    parent.append(made);
    return made;
  };
  const place = (element, lift) => {
    const [side, end] = given.corner.split('-').reverse();
    const [across, along = across] = (given.offset || '20').split(/[ ,]+/).map((one) => `${parseInt(one, 10) || 0}px`);
    const far = `calc(${along} + ${lift ? 3.75 : 0}rem)`;
    Object.assign(element.style, { [side]: across, [end]: far, maxHeight: `calc(100dvh - 1rem - ${far})` });
  };

  // one element, outside the flow: nothing on the page moves. It is there when the browser has time
  // for it, so that the page's own load has not, or when it is first wanted
  const build = () => {
    if (host) return;
    host = document.createElement('div');
    host.setAttribute('data-corbel', '');
    shade = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOKS);
    shade.adoptedStyleSheets = [sheet];
    button = make('button', { type: 'button', 'aria-label': WORD, 'aria-haspopup': 'dialog', 'aria-expanded': 'false' });
    button.textContent = '?';
    button.hidden = given.button === 'hidden';
    button.onclick = () => api.toggle(button);
    place(button, false);
    behind = make('div', { class: 'back', hidden: '' });
    behind.onclick = () => api.close();
    panel = make('div', { class: 'panel', role: 'dialog', 'aria-label': WORD, hidden: '' });
    PHONE.addEventListener('change', () => { if (isOpen) { api.close(); api.open(); } });
    const put = () => document.body.append(host);
    if (document.body) put(); else addEventListener('DOMContentLoaded', put);
  };

  const seen = () => ({ url: location.href, key, errors, viewport: `${innerWidth} × ${innerHeight}`, sheet: PHONE.matches });
  const tell = (type, detail) => { if (port) port.postMessage({ type, ...detail }); else waiting.push([type, detail]); };
  const ask = (type, detail) => new Promise((resolve) => {
    number += 1;
    const id = number; // another may be asked before this one is told
    asked.set(id, resolve);
    connect(true);
    const say = () => tell(type, { ...detail, id });
    if (isReady) { say(); return; }
    const off = api.on('ready', () => { off(); say(); });
  });

  const identify = async (reason) => {
    if (typeof identity === 'function') return identity(reason);
    if (identity) { const once = identity; identity = null; return once; }
    if (!given.identify) return '';
    const answer = await fetch(given.identify, { headers: { Accept: 'text/plain' } });
    if (answer.status === 204 || answer.status === 401) return ''; // nobody is signed in here
    if (!answer.ok) throw new Error(`${given.identify} answered ${answer.status}`);
    return (await answer.text()).trim();
  };
  const HEARD = {
    identify: async ({ id, reason }) => {
      let value = '';
      try { value = await identify(reason); } catch (error) { emit('error', { reason: 'identify', message: String(error) }); }
      tell('answer', { id, value: value || '' });
    },
    reply: ({ id, value }) => { asked.get(id)?.(value); asked.delete(id); },
    close: () => api.close(),
    keep: ({ name, value }) => { try { localStorage.setItem(`corbel-${name}`, value); } catch { /* this visit alone */ } },
    shape: ({ id, kind }) => { // out of the way of a picture, or with room to draw on one
      host.dataset.shape = kind;
      if (!kind && isOpen) frame.focus();
      requestAnimationFrame(() => requestAnimationFrame(() => tell('answer', { id })));
    },
    tour: () => part().then(() => emit('tour:again'), () => {}),
    event: ({ name, detail }) => {
      if (name === 'ready') isReady = true;
      if (name === 'error') console.warn(`Corbel: ${detail.message || detail.reason}`);
      emit(name, detail);
    },
  };

  const connect = (quiet) => {
    if (frame) return;
    panel.replaceChildren();
    const lang = given.lang || document.documentElement.lang;
    frame = make('iframe', {
      title: WORD,
      src: `${root}panel?${new URLSearchParams({ builder: given.builder || '', lang })}`,
      sandbox: 'allow-scripts allow-forms allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads',
      allow: 'display-capture; clipboard-write; fullscreen',
    }, panel);
    frame.onload = () => {
      const channel = new MessageChannel();
      channel.port1.onmessage = ({ data }) => { clearTimeout(silence); if (Object.hasOwn(HEARD, data?.type)) HEARD[data.type](data); };
      port = channel.port1;
      const hello = { corbel: 'hello', ...seen(), version: given.version, kept: { guest: kept('guest'), words: kept('words') }, lang, theme: given.theme, quiet: quiet && !isOpen };
      frame.contentWindow.postMessage(hello, source.origin, [channel.port2]);
      waiting.splice(0).forEach(([type, detail]) => tell(type, detail));
      hush(5e3);
    };
    hush(3e4);
    if (!last) follow();
  };
  // a frame that says nothing shows the browser's own page for errors, or nothing
  let silence = 0;
  const hush = (time) => { clearTimeout(silence); silence = setTimeout(lost, time); };
  const lost = () => {
    frame.remove();
    frame = port = isReady = null;
    asked.forEach((resolve) => resolve(null));
    const note = make('p', { role: 'alert' }, panel);
    note.textContent = es ? 'Ahora mismo no llegamos a la ayuda.' : 'The help can’t be reached just now.';
    for (const [word, call] of [[es ? 'Intentar de nuevo' : 'Try again', () => connect()], [es ? 'Cerrar' : 'Close', api.close]]) {
      const choice = make('button', { type: 'button' }, note);
      choice.textContent = word;
      choice.onclick = call;
    }
    emit('error', { reason: 'unreachable', message: root });
  };

  const moved = () => {
    if (last === location.href) return;
    last = location.href;
    key = given.page;
    tell('page', seen());
    emit('page', { url: last });
  };
  const follow = () => {
    last = location.href;
    for (const name of ['pushState', 'replaceState']) {
      const former = history[name];
      history[name] = function state(...values) {
        const done = former.apply(this, values);
        queueMicrotask(moved);
        return done;
      };
    }
    addEventListener('popstate', moved);
    addEventListener('hashchange', moved);
  };

  // tooltips and first steps: another script, when there is something to explain
  let loading = null;
  const part = () => {
    build();
    loading ||= new Promise((resolve, reject) => {
      const more = document.createElement('script');
      Object.assign(more, { src: `${root}tips./*digest of tips*/.js`, async: true, onload: resolve, onerror: () => { loading = null; reject(); } });
      document.head.append(more);
    });
    return loading;
  };
  const explain = (event) => {
    if (!event.target.closest?.('[data-help]')) return;
    part().then(() => {
      for (const kind of ['pointerover', 'focusin']) document.removeEventListener(kind, explain);
      emit('explain', event);
    }, () => {}); // whoever points there next tries again
  };
  for (const kind of ['pointerover', 'focusin']) document.addEventListener(kind, explain);

  const api = {
    open(from) {
      if (isOpen) return;
      build();
      opener = from || shade.activeElement || document.activeElement;
      isOpen = true;
      const covers = PHONE.matches;
      panel.classList.toggle('sheet', covers);
      place(panel, !button.hidden && !covers);
      panel.hidden = behind.hidden = false;
      behind.hidden = !covers;
      if (covers) panel.setAttribute('aria-modal', 'true'); else panel.removeAttribute('aria-modal');
      button.setAttribute('aria-expanded', 'true');
      const known = frame;
      connect();
      if (known) tell('opened', seen());
      frame.focus();
      emit('open');
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      host.dataset.shape = '';
      panel.hidden = behind.hidden = true;
      button.setAttribute('aria-expanded', 'false');
      tell('closed');
      const back = opener?.isConnected && opener !== document.body ? opener : button;
      back.focus?.();
      emit('close');
    },
    toggle(from) { if (isOpen) api.close(); else api.open(from); },
    page(where) {
      key = where && !/^(https?:|\/)/.test(where) ? where : undefined;
      const url = key || !where ? location.href : new URL(where, location.href).href;
      tell('page', { ...seen(), url });
    },
    identify(who) {
      identity = who || null;
      if (fresh || frame) tell('forget');
      fresh = true;
    },
    show(slug) { api.open(); tell('show', { slug: String(slug) }); },
    contact(filled = {}) { api.open(); tell('contact', { filled }); },
    on(name, call) { (heard[name] ||= []).push(call); return () => api.off(name, call); },
    off(name, call) { heard[name] = (heard[name] || []).filter((one) => one !== call); },
  };
  // for our own second script alone
  Object.defineProperty(api, 'parts', { get: () => ({ ask, tell, make, shade, given, es }) });

  document.addEventListener('click', (event) => {
    const trigger = event.target.closest?.('[data-corbel-open]');
    if (!trigger) return;
    event.preventDefault();
    const [what, slug] = trigger.dataset.corbelOpen.split(':');
    api.open(trigger);
    if (what === 'contact') tell('contact', { filled: {} });
    if (what === 'article') tell('show', { slug });
  });
  addEventListener('keydown', (event) => { if (event.key === 'Escape' && isOpen && !event.defaultPrevented) api.close(); });

  window.Corbel = Object.freeze(api);
  if (Array.isArray(queue)) for (const [name, ...values] of queue) api[name]?.(...values);
  // what a page waits for to be loaded is its own; a busy one still gets ours
  const idle = (call) => (window.requestIdleCallback || setTimeout)(call, { timeout: 500 });
  idle(build);
  const tour = () => idle(() => part().then(() => emit('tour'), () => {}));
  if (!('tours' in given)) return;
  if (document.readyState === 'complete') tour(); else addEventListener('load', tour, { once: true });
})();
