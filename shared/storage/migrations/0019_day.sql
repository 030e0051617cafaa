-- The board of repair orders asks for those of a stage, and of those that left for the latest; the counter asks for customers
-- by the beginning of their name.
CREATE INDEX repair_orders_by_stage ON repair_orders (store_id, stage, updated_at);
CREATE INDEX customers_by_name ON customers (store_id, name COLLATE NOCASE);
