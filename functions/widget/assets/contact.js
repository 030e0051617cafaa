// The contact card: who the visitor is, and the code that proves a number. Loaded when it is needed.

/** A card that ends with `done('yes')` or, where it may be passed over, `done('no')`. */
export function contactCard({ words, say, make, call, Refused, done, known, preChat }) {
  const card = make('form', 'card');
  card.noValidate = true;
  const asks = (field) => (preChat ? preChat.find((one) => one.field === field) : field === 'phone' || !known.name);
  const required = (field) => (preChat ? Boolean(asks(field)?.required) : field === 'phone');
  const optional = !preChat || preChat.every((one) => !one.required);
  contact();
  return card;

  function heading(title, why) {
    const parts = [make('h2', '', title)];
    if (why) parts.push(make('p', '', why));
    return parts;
  }

  function field(name, label, attributes) {
    const holder = make('label', 'field');
    const input = Object.assign(make('input'), { name, ...attributes });
    const problem = make('span', 'problem');
    problem.id = `problem-${name}`;
    problem.setAttribute('role', 'alert');
    input.setAttribute('aria-describedby', problem.id);
    input.addEventListener('input', () => complain(input, ''));
    holder.append(make('span', '', label), input, problem);
    return holder;
  }

  function complain(input, message) {
    input.setAttribute('aria-invalid', String(Boolean(message)));
    input.parentElement.querySelector('.problem').textContent = message;
    if (message) input.focus();
  }

  function buttons(main, other, act) {
    const row = make('div', 'buttons');
    const go = Object.assign(make('button', 'main', main), { type: 'submit' });
    row.append(go);
    if (other) row.append(Object.assign(make('button', '', other), { type: 'button', onclick: act }));
    return row;
  }

  /** Runs when the form is sent; what goes wrong on the way is said beside `input`. */
  function onSend(input, action) {
    card.onsubmit = async (event) => {
      event.preventDefault();
      const go = card.querySelector('.main');
      go.disabled = true;
      try {
        await action();
      } catch (error) {
        const wrong = error instanceof Refused ? (error.status === 429 ? words.code_often : words.phone_wrong) : words.unreachable;
        complain(input(), wrong);
      }
      go.disabled = false;
    };
  }

  function contact() {
    const parts = preChat ? heading(words.pre_chat) : heading(words.contact_title, words.contact_why);
    if (asks('name')) parts.push(field('name', words.name, { autocomplete: 'name', maxLength: 80 }));
    if (asks('phone')) {
      parts.push(field('phone', words.phone, { type: 'tel', autocomplete: 'tel', maxLength: 30 }));
      const consent = make('label', 'consent');
      consent.append(Object.assign(make('input'), { type: 'checkbox', name: 'agreed' }), make('span', '', words.consent));
      parts.push(consent);
    }
    parts.push(buttons(words.save, optional && words.skip, () => end('no', '')));
    card.replaceChildren(...parts);
    onSend(() => card.elements.phone ?? card.elements.name, async () => {
      const { name, phone, agreed } = card.elements;
      for (const input of [name, phone]) {
        if (input && !input.value.trim() && required(input.name)) return complain(input, words.required);
      }
      const number = phone?.value.trim();
      if (number && !agreed.checked) return agreed.focus(), complain(phone, words.required);
      const body = { agreed: Boolean(number) };
      if (name?.value.trim()) body.name = name.value;
      if (number) body.phone = number;
      if (body.name || body.phone) await call('contact', { method: 'POST', body });
      if (number && known.can_verify) return code(number);
      end('yes', preChat ? '' : words.saved);
    });
  }

  async function code(phone) {
    await call('verify', { method: 'POST', body: { phone } });
    const input = { autocomplete: 'one-time-code', inputMode: 'numeric', maxLength: 6, className: 'code' };
    card.replaceChildren(
      ...heading(words.code_title, say('code_why', { phone })),
      field('code', words.code, input),
      buttons(words.confirm, words.other_number, contact),
    );
    card.elements.code.focus();
    onSend(() => card.elements.code, async () => {
      const answer = await call('verify', { method: 'POST', body: { code: card.elements.code.value } });
      if (answer.verified) return end('yes', words.verified);
      complain(card.elements.code, answer.conflict ? words.code_conflict : words.code_wrong);
    });
  }

  function end(answer, message) {
    card.onsubmit = (event) => event.preventDefault();
    if (message) card.replaceChildren(Object.assign(make('p', 'done', message), { role: 'status' }));
    else card.remove();
    done(answer);
  }
}
