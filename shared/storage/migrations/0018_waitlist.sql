-- How far the clock has come in a store's queue: `started` is `at` as the pass through the queue began, the others say who
-- was looked at last. What becomes free during a pass raises `at`, and another pass follows.
ALTER TABLE freed ADD COLUMN started INTEGER NOT NULL DEFAULT 0;
ALTER TABLE freed ADD COLUMN after_queued_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE freed ADD COLUMN after_id TEXT NOT NULL DEFAULT '';

-- What is waited for, as the rules read it.
ALTER TABLE waitlist ADD COLUMN waiting TEXT AS (json_object('services', json(services), 'concern', concern,
  'wish', json(wish), 'appointment', appointment_id, 'vehicle', vehicle_id, 'transport', transport,
  'transport_address', transport_address, 'advisor', advisor));

-- Nobody waits twice for the same, also when two requests put them on the list at the same instant. Of what has been
-- doubled one entry stays, the one that has an opening if there is one.
UPDATE waitlist SET status = 'withdrawn', offered = NULL, offered_until = NULL
  WHERE status IN ('waiting', 'offered') AND EXISTS (SELECT 1 FROM waitlist w
    WHERE w.customer_id = waitlist.customer_id AND w.services = waitlist.services AND w.status IN ('waiting', 'offered')
      AND (w.status, w.queued_at, w.id) < (waitlist.status, waitlist.queued_at, waitlist.id));
DELETE FROM claims WHERE holder IN (SELECT id FROM waitlist WHERE status = 'withdrawn');
DROP INDEX waitlist_by_customer;
CREATE UNIQUE INDEX waitlist_by_customer ON waitlist (customer_id, services) WHERE status IN ('waiting', 'offered');
