// For other sites: where this script stands, a frame with the public roadmap, as tall as it is.
(() => {
  'use strict';
  const script = document.currentScript;
  if (!script) return;
  const { origin, href } = new URL('embed', script.src);
  const address = new URL(href);
  for (const name of ['module', 'lang', 'theme']) {
    if (script.dataset[name]) address.searchParams.set(name, script.dataset[name]);
  }
  const frame = document.createElement('iframe');
  frame.src = address.href;
  frame.title = script.dataset.title ?? 'Roadmap';
  frame.loading = 'lazy';
  Object.assign(frame.style, { width: '100%', height: '600px', border: '0' });
  addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin) return;
    const height = Number(data?.corbelRoadmap);
    if (height > 0 && height < 50000) frame.style.height = `${height}px`;
  });
  script.after(frame);
})();
