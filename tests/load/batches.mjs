// The SQL of one turn, batch by batch: what the floor runs, without any of the logic. Keep it like what the webhook runs.
//
// A parameter that starts with `$` is filled in for each turn: `$now` is the time, and `$name` otherwise a text that is
// new in each turn and the same within it.

const loadTheTurn = [
  ['SELECT * FROM lines WHERE id = ?1', ['lakeside-sms']],
  ['SELECT s.* FROM stores s JOIN lines l ON l.store_id = s.id WHERE l.id = ?1', ['lakeside-sms']],
  ['SELECT * FROM messages WHERE line_id = ?1 AND provider_message_id = ?2', ['lakeside-sms', '$sid']],
  ['SELECT 1 FROM opt_outs WHERE line_id = ?1 AND address = ?2', ['lakeside-sms', '$peer']],
  ['SELECT * FROM conversations WHERE line_id = ?1 AND peer = ?2', ['lakeside-sms', '$peer']],
  [
    `SELECT c.* FROM customers c JOIN identities i ON i.customer_id = c.id
     WHERE i.store_id = ?1 AND i.kind = 'phone' AND i.address = ?2`,
    ['lakeside', '$peer'],
  ],
];

const commitTheTurn = [
  [
    'INSERT INTO customers (id, store_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)',
    ['$customer', 'lakeside', '$now'],
  ],
  [
    "INSERT INTO identities (store_id, kind, address, customer_id) VALUES (?1, 'phone', ?2, ?3)",
    ['lakeside', '$peer', '$customer'],
  ],
  [
    `INSERT INTO conversations (id, store_id, line_id, peer, customer_id, language, turns, state, opened_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, ?5, 'en', 1, '{"tasks":[]}', ?6, ?6)`,
    ['$conversation', 'lakeside', 'lakeside-sms', '$peer', '$customer', '$now'],
  ],
  [
    `INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, provider_message_id, created_at)
     VALUES (?1, ?2, ?3, ?4, 'customer', ?5, ?6, ?7)`,
    ['$message', 'lakeside', '$conversation', 'lakeside-sms', 'I need an oil change', '$sid', '$now'],
  ],
  [
    `INSERT INTO messages (id, store_id, conversation_id, line_id, author, text, reply_to, created_at, position)
     VALUES (?1, ?2, ?3, ?4, 'ai', ?5, ?6, ?7, 1)`,
    ['$reply', 'lakeside', '$conversation', 'lakeside-sms', 'Gladly. Which day suits you?', '$message', '$now'],
  ],
  [
    `INSERT INTO turns (conversation_id, number, store_id, message_id, understanding, said, elapsed_ms, created_at)
     VALUES (?1, 1, ?2, ?3, '{}', '[]', 0, ?4)`,
    ['$conversation', 'lakeside', '$message', '$now'],
  ],
];

export const batches = [loadTheTurn, commitTheTurn];
