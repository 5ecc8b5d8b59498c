-- A copied database must not read the feed of the one it was copied from, nor
-- hold the key to it.
DELETE FROM ir_config_parameter
 WHERE key IN (
     'crm_xero_module.instance_key',
     'crm_xero_module.connector_url',
     'crm_xero_module.app'
 );
UPDATE ir_cron SET active = false
 WHERE id IN (
     SELECT res_id FROM ir_model_data
      WHERE module = 'crm_xero_module' AND model = 'ir.cron'
 );
