// Runs before the first paint: the reader's choice of light or dark, and that scripts work here.
(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');

  const stored = () => {
    try { return localStorage.getItem('theme') || ''; } catch { return ''; }
  };

  const apply = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  const markButtons = () => {
    for (const button of document.querySelectorAll('[data-set-theme]')) {
      button.setAttribute('aria-pressed', String(button.dataset.setTheme === stored()));
    }
  };

  apply(stored());
  document.addEventListener('DOMContentLoaded', markButtons);
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-set-theme]');
    if (!button) return;
    try { localStorage.setItem('theme', button.dataset.setTheme); } catch { /* private mode: this page only */ }
    apply(button.dataset.setTheme);
    markButtons();
  });
})();
