// Short notices, and what to say when a request of htmx fails.
(() => {
  'use strict';
  const STAY = 8000;

  const dismissLater = (toast) => {
    setTimeout(() => {
      if (toast.matches(':hover, :focus-within')) dismissLater(toast);
      else toast.remove();
    }, STAY);
  };

  const show = (templateId, text) => {
    const template = document.getElementById(templateId);
    const toast = template?.content.firstElementChild?.cloneNode(true);
    if (!toast) return;
    if (text) toast.querySelector('span').textContent = text;
    document.getElementById('toasts').append(toast);
    dismissLater(toast);
  };

  const wholePage = (xhr) => /^\s*<!doctype/i.test(xhr.responseText);
  const reason = (xhr) => wholePage(xhr)
    && new DOMParser().parseFromString(xhr.responseText, 'text/html').querySelector('[data-detail]')?.textContent;

  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-close]')) event.target.closest('[data-toast]')?.remove();
  });

  // A refused request is shown where the server says; without such a place, as a toast.
  document.addEventListener('htmx:beforeSwap', (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    const placed = xhr.getResponseHeader('HX-Retarget') || xhr.getResponseHeader('HX-Reswap');
    event.detail.shouldSwap = Boolean(placed) || (event.detail.shouldSwap && !wholePage(xhr));
    event.detail.isError = !event.detail.shouldSwap;
  });
  document.addEventListener('htmx:responseError', (event) => show('toast-failed', reason(event.detail.xhr)));
  document.addEventListener('htmx:sendError', () => show('toast-offline'));
  document.addEventListener('htmx:timeout', () => show('toast-offline'));
  document.addEventListener('corbel:toast', (event) => show('toast-text', event.detail.value ?? event.detail.text));

  document.addEventListener('htmx:load', () => {
    for (const toast of document.querySelectorAll('#toasts > [data-toast]:not([data-seen])')) {
      toast.dataset.seen = 'true';
      dismissLater(toast);
    }
  });
})();
