// A form that is on its way cannot be sent again; coming back by the back button frees it.
(() => {
  'use strict';
  const labels = new WeakMap();
  const buttons = (form) => [...form.querySelectorAll('button[type="submit"]')];

  const hold = (form, pressed) => {
    form.dataset.sending = 'true';
    for (const button of buttons(form)) {
      button.setAttribute('aria-disabled', 'true');
    }
    if (!pressed?.dataset.busy) return;
    labels.set(pressed, [...pressed.childNodes]);
    pressed.setAttribute('aria-busy', 'true');
    pressed.textContent = pressed.dataset.busy;
  };

  const free = (form) => {
    delete form.dataset.sending;
    for (const button of buttons(form)) {
      button.removeAttribute('aria-disabled');
      button.removeAttribute('aria-busy');
      if (labels.has(button)) button.replaceChildren(...labels.get(button));
      labels.delete(button);
    }
  };

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.matches('[data-once]')) return;
    if (form.dataset.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    hold(form, event.submitter);
  }, true);

  document.addEventListener('htmx:afterRequest', (event) => {
    const form = event.target.closest?.('form[data-sending]');
    if (form) free(form);
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) document.querySelectorAll('form[data-sending]').forEach(free);
  });
  document.addEventListener('DOMContentLoaded', () => document.querySelector('[data-focus]')?.focus());
})();
