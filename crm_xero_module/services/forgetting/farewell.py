# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is done before the module's tables and columns go: what people typed in our
fields is kept in notes (a later installation takes it back from there), and what Odoo
would leave behind of us is taken away.

Odoo itself removes what the module's data and models made. Left would be what people
made on top of them, and rows that only name us.
"""

from odoo.tools import SQL, get_lang

from ..connector.client import KEY_PARAMETER

MODULE = "crm_xero_module"
# The fields of a partner that somebody may have typed in, in the order of the note.
TYPED = (
    "xero_first_name",
    "xero_last_name",
    "xero_street3",
    "xero_direct_phone",
    "xero_mobile",
    "xero_fax",
    "xero_skype",
    "xero_id",
)
_ENTITIES = (
    ("&", "&amp;"),
    ("<", "&lt;"),
    (">", "&gt;"),
    ('"', "&#34;"),
    ("'", "&#39;"),
)
# What the editor and its sanitizing leave as it is.
_CLASS = "o_xero_kept"
_NOTE = rf'<div class="{_CLASS}">.*?</div>'


# What people typed


def keep_values(env):
    """Add our fields' values to the notes of partners and products.

    One statement for each language of the companies. A note of ours that is there
    from an earlier time is replaced.
    """
    env.flush_all()
    for lang, companies in _companies_by_language(env).items():
        _keep_of_partners(env(context={"lang": lang}), companies)
        _keep_of_products(env(context={"lang": lang}), companies)
    env.invalidate_all(flush=False)


def take_values_back(env):
    """Bring what `keep_values` put into partners' notes back into the fields, and out
    of the notes: the persons of a company are known by one of these values."""
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE res_partner
               SET %s, comment = NULLIF(regexp_replace(comment, %s, '', 'g'), ''), %s
             WHERE comment ~ %s
            """,
            SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), _kept_value(name))
                for name in TYPED
            ),
            _NOTE,
            _stamp(env),
            _NOTE,
        )
    )
    env.invalidate_all(flush=False)


def _kept_value(name):
    """What the note says of a field, else what the field holds."""
    value = SQL("substring(comment FROM %s)", f'<span class="{name}">([^<]*)</span>')
    for character, entity in reversed(_ENTITIES):
        value = SQL("replace(%s, %s, %s)", value, entity, character)
    return SQL("COALESCE(%s, %s)", value, SQL.identifier(name))


def _companies_by_language(env):
    """{language: ids of companies}; what is of no company has the main one's."""
    main = env.ref("base.main_company", raise_if_not_found=False)
    by_language = {}
    for company in env["res.company"].with_context(active_test=False).search([]):
        lang = get_lang(env, company.partner_id.lang).code
        ids = by_language.setdefault(lang, [])
        ids.append(company.id)
        if company == main:
            ids.append(0)
    return by_language


def _keep_of_partners(env, companies):
    """Also the ids of what a customer is in Xero, where its reference is another."""
    labels = env["res.partner"].fields_get(TYPED, ["string"])
    lines = [
        _line(name, labels[name]["string"], SQL("p.%s", SQL.identifier(name)))
        for name in TYPED
    ]
    ids = SQL("NULLIF(NULLIF(linked.ids, p.ref), p.xero_id)")
    lines.append(_line("xero_contact", env._("Xero contact"), ids))
    env.cr.execute(
        SQL(
            """
            WITH linked AS (
                SELECT partner_id, string_agg(DISTINCT xero_id, ', ') AS ids
                  FROM xero_contact WHERE partner_id IS NOT NULL GROUP BY partner_id
            ), told AS (
                SELECT p.id, concat(%(lines)s) AS items
                  FROM res_partner p LEFT JOIN linked ON linked.partner_id = p.id
                 WHERE COALESCE(p.company_id, 0) = ANY(%(companies)s)
            )
            UPDATE res_partner p
               SET comment = concat(
                       regexp_replace(p.comment, %(note)s, '', 'g'),
                       %(head)s, told.items, '</ul></div>'
                   ), %(stamp)s
              FROM told
             WHERE told.id = p.id AND told.items <> ''
            """,
            lines=SQL(", ").join(lines),
            companies=companies,
            note=_NOTE,
            head=_head(env),
            stamp=_stamp(env),
        )
    )


def _keep_of_products(env, companies):
    """The ids and codes of what a product is in Xero; its note is translated, so each
    of its languages gets them."""
    code = SQL("concat_ws(' ', i.code, '(' || i.xero_id || ')')")
    env.cr.execute(
        SQL(
            """
            WITH told AS (
                SELECT i.product_id AS id,
                       %(head)s || string_agg(%(line)s, '' ORDER BY i.id)
                       || '</ul></div>' AS note
                  FROM xero_item i JOIN product_template t ON t.id = i.product_id
                 WHERE COALESCE(t.company_id, 0) = ANY(%(companies)s)
                 GROUP BY i.product_id
            )
            UPDATE product_template t
               SET description = (
                       SELECT jsonb_object_agg(
                                  d.key,
                                  regexp_replace(d.value, %(note)s, '', 'g')
                                  || told.note
                              )
                         FROM jsonb_each_text(
                             COALESCE(t.description, '{"en_US": ""}'::jsonb)
                         ) AS d
                   ), %(stamp)s
              FROM told
             WHERE told.id = t.id
            """,
            head=_head(env),
            line=_line("xero_item", env._("Xero item"), code),
            companies=companies,
            note=_NOTE,
            stamp=_stamp(env),
        )
    )


def _head(env):
    text = env._("From Xero, kept when “Xero for Odoo CRM” was removed:")
    opening = SQL("%s", f'<div class="{_CLASS}"><p>')
    return SQL("%s || %s || '</p><ul>'", opening, _escaped(SQL("%s", text)))


def _line(name, label, value):
    """A line of a note, or NULL where there is no value. The name stays when somebody
    edits the note, and tells what the value is of."""
    return SQL(
        "'<li>' || %s || ': <span class=\"' || %s || '\">' || %s || '</span></li>'",
        _escaped(SQL("%s", label)),
        name,
        _escaped(SQL("NULLIF(btrim(%s), '')", value)),
    )


def _escaped(expression):
    """An SQL text as HTML shows it."""
    for character, entity in _ENTITIES:
        expression = SQL("replace(%s, %s, %s)", expression, character, entity)
    return expression


def _stamp(env):
    return SQL("write_date = now() AT TIME ZONE 'UTC', write_uid = %s", env.user.id)


# What Odoo would leave behind


def take_away_the_rest(env):
    """Remove what people and the product made that only makes sense with the module."""
    models = [name for name, cls in env.items() if cls._original_module == MODULE]
    parameters = KEY_PARAMETER.partition(".")[0].replace("_", r"\_")
    env["ir.config_parameter"].search([("key", "=like", f"{parameters}.%")]).unlink()
    env["mail.activity"].search([("xero_contact_id", "!=", False)]).unlink()
    # Odoo stumbles over those that are no file of its store.
    files = env["ir.attachment"].with_context(skip_res_field_check=True)
    files.search([("res_model", "in", models)]).unlink()
    _take_away_actions(env, models)
    _take_away_named(env, models, _own_fields(env))
    _take_away_messages(env, models)


def _own_fields(env):
    """The names of the fields that only the module has, on models of others."""
    return sorted(
        {
            name
            for model in env.values()
            if model._original_module != MODULE
            for name, field in model._fields.items()
            if set(field._modules) == {MODULE}
        }
    )


def _take_away_actions(env, models):
    """Crons and server actions that people made on our models: with the ORM, as they
    have messages and followers of their own. A cron leaves its action behind."""
    for model in ("ir.cron", "ir.actions.server"):
        found = env[model].with_context(active_test=False)
        found = found.search([("model_id.model", "in", models)])
        known = found.get_external_id()
        found.filtered(lambda row, known=known: not known[row.id]).unlink()


def _take_away_named(env, models, names):
    """Filters and export lists of our models, or that name our fields: they would
    break the list that they belong to."""
    pattern = rf"\m({'|'.join(names)})\M"
    for statement in (
        SQL(
            """
            DELETE FROM ir_filters
             WHERE model_id = ANY(%s)
                OR concat_ws(' ', domain, context, sort) ~ %s
            """,
            models,
            pattern,
        ),
        SQL("DELETE FROM ir_exports WHERE resource = ANY(%s)", models),
        # Lists that had nothing else go with their lines.
        SQL(
            """
            DELETE FROM ir_exports e USING ir_exports_line l
             WHERE l.export_id = e.id AND l.name ~ %(ours)s
               AND NOT EXISTS (
                   SELECT FROM ir_exports_line o
                    WHERE o.export_id = e.id AND o.name !~ %(ours)s
               )
            """,
            ours=pattern,
        ),
        SQL("DELETE FROM ir_exports_line WHERE name ~ %s", pattern),
        # Odoo takes away what models inherited of others, and leaves its names.
        SQL(
            """
            DELETE FROM ir_model_data d
             USING ir_model m
              LEFT JOIN ir_model_inherit i ON i.model_id = m.id
              LEFT JOIN ir_model_fields f ON f.model_id = m.id
              LEFT JOIN ir_model_fields_selection s ON s.field_id = f.id
             WHERE m.model = ANY(%s) AND d.module != %s
               AND (d.model, d.res_id) IN (
                   ('ir.model.inherit', i.id), ('ir.model.fields.selection', s.id)
               )
            """,
            models,
            MODULE,
        ),
        # Odoo takes the foreign keys away, and leaves what tells of them.
        SQL(
            """
            DELETE FROM ir_model_constraint USING ir_module_module m
             WHERE m.id = module AND m.name = %s AND type = 'f'
            """,
            MODULE,
        ),
    ):
        env.cr.execute(statement)


def _take_away_messages(env, models):
    """What waits for browsers that show our records."""
    env.cr.execute(
        SQL(
            "DELETE FROM bus_bus WHERE channel ~ %s OR message ~ %s",
            rf'"({"|".join(model.replace(".", "[.]") for model in models)})"',
            f"{MODULE}|xero",
        )
    )
