-- Who waits, or has an opening held for them, in the order of the queue: what the API lists page by page.
CREATE INDEX waitlist_queue ON waitlist (store_id, queued_at, id) WHERE status IN ('waiting', 'offered');
