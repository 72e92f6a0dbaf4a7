// What we send along with a report, gathered here and shown before it is sent.
(() => {
  'use strict';
  const ERRORS = 'recent-errors';
  const KEEP = 5;

  const recent = () => {
    try { return JSON.parse(sessionStorage.getItem(ERRORS)) ?? []; } catch { return []; }
  };

  const record = (message) => {
    const errors = [...recent(), { at: new Date().toISOString(), message: String(message).slice(0, 300) }];
    try { sessionStorage.setItem(ERRORS, JSON.stringify(errors.slice(-KEEP))); } catch { /* not kept */ }
  };

  const cameFrom = () => {
    const asked = new URLSearchParams(location.search).get('from') || document.referrer;
    try {
      const url = new URL(asked);
      if (url.origin === location.origin) return ''; // a page of ours is not where it happened
      url.hash = url.username = url.password = '';
      return url.href;
    } catch { return ''; }
  };

  const browser = () => {
    const data = navigator.userAgentData;
    const brand = data?.brands.find(({ brand: name }) => !/not.?a.?brand|chromium/i.test(name));
    return brand ? `${brand.brand} ${brand.version}, ${data.platform}` : navigator.userAgent;
  };

  const gather = () => ({
    page_url: cameFrom(),
    browser: browser(),
    user_agent: navigator.userAgent,
    viewport: `${innerWidth} × ${innerHeight}`,
    locale: navigator.language,
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    errors: recent(),
  });

  const words = (value) => (Array.isArray(value) ? value.map((error) => error.message).join('\n') : value);

  const show = (block) => {
    const facts = gather();
    block.querySelector('input[type="hidden"]').value = JSON.stringify(facts);
    for (const place of block.querySelectorAll('[data-key]')) {
      const text = words(facts[place.dataset.key]);
      place.textContent = text;
      place.parentElement.hidden = !text;
    }
  };

  const showAll = () => document.querySelectorAll('[data-captured]').forEach(show);

  addEventListener('error', (event) => record(event.message));
  addEventListener('unhandledrejection', (event) => record(event.reason));
  document.addEventListener('DOMContentLoaded', showAll);
  document.addEventListener('htmx:load', showAll);
  document.addEventListener('submit', showAll, true);
})();
