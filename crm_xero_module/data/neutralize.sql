-- A copied database must not read the feed of the one it was copied from, nor
-- hold the key to it.
DELETE FROM ir_config_parameter
 WHERE key IN (
     'crm_xero_module.instance_key',
     'crm_xero_module.connector_url',
     'crm_xero_module.app'
 );

-- Nor does it sync by itself, once somebody gives it a connector of its own.
UPDATE xero_connection
   SET schedule = 'manual', next_sync_at = NULL;
