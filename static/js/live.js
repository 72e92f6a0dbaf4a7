// The page updates by itself. The server only says what changed; htmx then fetches it with the
// reader's own rights. Without a stream (503, proxy, lost connection) we ask every 15 seconds.
// An element listens by hx-trigger="corbel:ticket-changed from:body, corbel:poll from:body".
(() => {
  'use strict';
  const POLL = 15000;
  const RETRY = 60000;
  const SETTLE = 150;
  let source;
  let poller;
  let missed = false;

  const emit = (name, detail = {}) => {
    document.body.dispatchEvent(new CustomEvent(`corbel:${name}`, { bubbles: true, detail }));
  };

  const say = (state) => {
    for (const place of document.querySelectorAll('[data-live]')) {
      if (place.dataset.live === state) continue;
      place.dataset.live = state;
      place.textContent = place.dataset[`word${state[0].toUpperCase()}${state.slice(1)}`] ?? '';
    }
  };

  const ask = () => {
    if (document.hidden) { missed = true; return; }
    missed = false;
    emit('poll');
  };

  const stopPolling = () => { clearInterval(poller); poller = undefined; };
  const startPolling = () => {
    say(navigator.onLine ? 'polling' : 'offline');
    poller ??= setInterval(ask, POLL);
  };

  // The server never knows how we are connected: a refresh must not unsay it.
  const keepState = (node) => !node.matches?.('[data-live]');
  if (window.Idiomorph) Idiomorph.defaults.callbacks.beforeNodeMorphed = keepState;

  // "ticket:<id>", "queue", "user:<id>", "builder:<id>": several of a kind at once are one event.
  const heard = new Map();
  const receive = (event) => {
    const [kind, id = ''] = event.data.split(':');
    clearTimeout(heard.get(kind));
    heard.set(kind, setTimeout(() => { heard.delete(kind); emit(`${kind}-changed`, { id }); }, SETTLE));
  };

  const connect = (url) => {
    source?.close();
    source = new EventSource(url);
    source.onopen = () => {
      if (poller) ask();
      stopPolling();
      say('live');
    };
    source.addEventListener('changed', receive);
    source.onerror = () => {
      startPolling();
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, RETRY, url);
    };
  };

  // Morphing keeps focus; keep the reader's place as well when something grows above it.
  const anchors = new WeakMap();
  document.addEventListener('htmx:beforeSwap', (event) => {
    const first = [...event.target.querySelectorAll('[id]')].find((node) => node.getBoundingClientRect().bottom > 0);
    if (first) anchors.set(event.target, [first.id, first.getBoundingClientRect().top]);
  });
  document.addEventListener('htmx:afterSettle', (event) => {
    const [id, top] = anchors.get(event.target) ?? [];
    const node = id && document.getElementById(id);
    anchors.delete(event.target);
    if (!node || event.detail.requestConfig?.verb !== 'get' || scrollY === 0) return;
    scrollBy({ top: node.getBoundingClientRect().top - top, behavior: 'instant' });
  });

  document.addEventListener('DOMContentLoaded', () => {
    const url = document.querySelector('[data-live-url]')?.dataset.liveUrl;
    if (url) connect(url);
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden && missed) ask(); });
  addEventListener('offline', () => say('offline'));
  addEventListener('online', ask);
  addEventListener('pagehide', () => source?.close());
  addEventListener('pageshow', (event) => { if (event.persisted && source) connect(source.url); });
})();
