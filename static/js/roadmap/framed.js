// Within a frame: how tall the roadmap is, for the page around it. Nothing else is told.
(() => {
  'use strict';
  if (parent === window) return;
  let told = 0;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    parent.postMessage({ corbelRoadmap: height }, '*');
  };
  new ResizeObserver(tell).observe(document.body);
  tell();
})();
