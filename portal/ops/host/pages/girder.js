// Single-page navigation: links of the project swap the page's main part and its address. The help
// is loaded when the page is, which so waits for nothing of it.
(() => {
  'use strict';
  const { root, builder } = document.currentScript.dataset;
  const load = () => {
    const script = document.createElement('script');
    script.src = `${root}/widget/corbel.js`;
    Object.assign(script.dataset, { builder, identify: '/help-token', tours: '' });
    document.head.append(script);
  };
  if (root) addEventListener('load', load);
  const go = async (href, push) => {
    const answer = await fetch(href);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.getElementById('main').replaceWith(page.getElementById('main'));
    document.querySelector('nav').replaceWith(page.querySelector('nav'));
    document.title = page.title;
    if (push) history.pushState(null, '', href);
    scrollTo(0, 0);
  };
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="/"]');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(link.getAttribute('href'), true);
  });
  addEventListener('popstate', () => go(location.pathname, false));
})();
