# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What contacts and customers have in common besides their names.

Both sides are brought into keys, (code, key), and joined by them: never each with
each. What many have says nothing about anybody, and is left out.
"""

from odoo.tools import SQL

from ..imports.keys import normal_sql
from ..xero.our_numbers import prefix
from .tables import make_table
from .who import open_contacts, open_customers

# More contacts or customers than this with one key: it tells nobody from another.
MOST = 20
# Who has an address there is no colleague of the others who have one.
FREE_MAIL = (
    "126.com 163.com aol.com bigpond.com btinternet.com comcast.net free.fr gmail.com"
    " gmx.at gmx.ch gmx.de gmx.net googlemail.com hotmail.co.uk hotmail.com hotmail.de"
    " hotmail.fr icloud.com libero.it live.co.uk live.com live.com.au mac.com mail.com"
    " mail.ru me.com msn.com optusnet.com.au orange.fr outlook.co.nz outlook.com"
    " outlook.com.au outlook.de pm.me proton.me protonmail.com qq.com rocketmail.com"
    " sky.com slingshot.co.nz t-online.de telstra.com wanadoo.fr web.de xtra.co.nz"
    " yahoo.ca yahoo.co.in yahoo.co.nz yahoo.co.uk yahoo.com yahoo.com.au yahoo.de"
    " yahoo.fr yandex.ru ymail.com zoho.com"
).split()
_PREFIX = "^[a-z]{2}(?=.*[0-9])"


def find_evidence(connection):
    """Make the temporary tables `xm_contact` and `xm_customer` (who is looked at, with
    names and tax numbers) and `xm_evidence` (contact, customer, code, value)."""
    env = connection.env
    make_table(env, "contact", _contacts(connection))
    make_table(env, "customer", _customers(connection))
    make_table(
        env, "contact_key", _with_emails(_contact_keys(env), _contact_emails(env))
    )
    keys = _with_emails(_customer_keys(env), _customer_emails())
    make_table(env, "customer_key", _asked(keys))
    make_table(env, "evidence", _joined())


def _contacts(connection):
    env = connection.env
    return SQL(
        """
        SELECT c.id, c.archived, c.name, %(vat)s AS vat, NULL AS country
          FROM xero_contact c
         WHERE %(open)s
        """,
        vat=_vat(env, SQL("c.tax_number")),
        open=open_contacts(connection),
    )


def _customers(connection):
    env = connection.env
    return SQL(
        """
        SELECT p.id, p.name, %(vat)s AS vat,
               CASE lower(o.code) WHEN 'gr' THEN 'el' ELSE lower(o.code) END AS country
          FROM res_partner p
          LEFT JOIN res_country o ON o.id = p.country_id
         WHERE %(open)s
        """,
        vat=_vat(env, SQL("p.vat")),
        open=open_customers(connection),
    )


def _vat(env, column):
    """A tax number in its normal form, where it can be one: "none" and "0" cannot."""
    return SQL(
        """
        (SELECT n FROM (SELECT %(normal)s AS n OFFSET 0) AS normal
          WHERE regexp_replace(n, %(prefix)s, '') ~ '^(?=(.*[0-9]){4}).{6,}$')
        """,
        normal=_normal(env, "vat", column),
        prefix=_PREFIX,
    )


# Keys


def _contact_keys(env):
    return SQL(
        """
        SELECT c.id, key.code, key.key
          FROM xm_contact x
          JOIN xero_contact c ON c.id = x.id
         CROSS JOIN LATERAL (VALUES
               ('xero_id', lower(c.xero_id)),
               ('xero_id', lower(substring(c.contact_number FROM %(own)s))),
               ('account_number', %(account_number)s),
               ('contact_number', %(contact_number)s),
               ('vat', regexp_replace(x.vat, %(prefix)s, '')),
               ('company_number', %(company_number)s),
               ('phone', %(phone)s),
               ('phone', %(direct_phone)s),
               ('phone', %(mobile)s),
               ('website', %(website)s)
         ) AS key(code, key)
        """,
        own=f"^{prefix(env)}[0-9]+",
        prefix=_PREFIX,
        account_number=_normal(env, "ref", SQL("c.account_number")),
        contact_number=_normal(env, "ref", SQL("c.contact_number")),
        company_number=_number(env, SQL("c.company_number")),
        phone=_phone(env, SQL("c.phone")),
        direct_phone=_phone(env, SQL("c.direct_phone")),
        mobile=_phone(env, SQL("c.mobile")),
        website=_host(env, SQL("c.website")),
    )


def _contact_emails(env):
    return SQL(
        """
        SELECT c.id, %s AS email
          FROM xm_contact x JOIN xero_contact c ON c.id = x.id
         WHERE c.email IS NOT NULL
         UNION ALL
        SELECT x.id, %s
          FROM xm_contact x JOIN xero_contact_person o ON o.contact_id = x.id
         WHERE o.active AND o.email IS NOT NULL
        """,
        _normal(env, "email", SQL("c.email")),
        _normal(env, "email", SQL("o.email")),
    )


def _customer_keys(env):
    return SQL(
        """
        SELECT p.id, key.code, key.key
          FROM xm_customer x
          JOIN res_partner p ON p.id = x.id
         CROSS JOIN LATERAL (VALUES
               ('xero_id', lower(p.ref)),
               ('xero_id', lower(p.xero_id)),
               ('xero_id', lower(%(own)s || p.id)),
               ('account_number', %(ref)s),
               ('contact_number', %(ref)s),
               ('vat', regexp_replace(x.vat, %(prefix)s, '')),
               ('company_number', %(company_number)s),
               ('phone', %(phone)s),
               ('phone', %(direct_phone)s),
               ('phone', %(mobile)s),
               ('website', %(website)s)
         ) AS key(code, key)
        """,
        own=prefix(env),
        prefix=_PREFIX,
        ref=_normal(env, "ref", SQL("p.ref")),
        company_number=_number(env, SQL("p.company_registry")),
        phone=_phone(env, SQL("p.phone")),
        direct_phone=_phone(env, SQL("p.xero_direct_phone")),
        mobile=_phone(env, SQL("p.xero_mobile")),
        website=_host(env, SQL("p.website")),
    )


def _customer_emails():
    """Of a customer and its people, as companies often have none of their own."""
    return SQL(
        """
        SELECT x.id, p.email_normalized AS email
          FROM xm_customer x JOIN res_partner p ON p.id = x.id
         WHERE p.email_normalized IS NOT NULL
         UNION ALL
        SELECT x.id, p.email_normalized
          FROM xm_customer x JOIN res_partner p ON p.parent_id = x.id
         WHERE p.active AND p.type = 'contact' AND p.email_normalized IS NOT NULL
        """
    )


def _with_emails(keys, emails):
    """Keys with those of email addresses: the whole address, and where it is."""
    return SQL(
        """
        WITH keys AS MATERIALIZED (%(keys)s), emails AS MATERIALIZED (%(emails)s)
        SELECT DISTINCT id, code, key FROM (
            SELECT id, code, key FROM keys
             UNION ALL
            SELECT id, 'email', email FROM emails
             UNION ALL
            SELECT id, 'domain', regexp_replace(email, '^.*@', '') FROM emails
             UNION ALL
            SELECT id, 'domain', key FROM keys WHERE code = 'website'
        ) AS every
         WHERE key != '' AND NOT (code = 'domain' AND key = ANY(%(free)s))
        """,
        keys=keys,
        emails=emails,
        free=list(FREE_MAIL),
    )


def _asked(keys):
    """Of the customers' keys, those that a contact has: the others tell nothing."""
    return SQL(
        "SELECT * FROM (%s) AS key WHERE (code, key) IN"
        " (SELECT code, key FROM xm_contact_key)",
        keys,
    )


def _joined():
    return SQL(
        """
        WITH common AS (
            SELECT code, key FROM xm_customer_key
             GROUP BY code, key HAVING count(*) > %(most)s
             UNION
            SELECT code, key FROM xm_contact_key
             GROUP BY code, key HAVING count(*) > %(most)s
        )
        SELECT a.id AS contact, b.id AS customer, a.code, min(a.key) AS value
          FROM xm_contact_key a
          JOIN xm_customer_key b USING (code, key)
         WHERE (a.code, a.key) NOT IN (SELECT code, key FROM common)
         GROUP BY 1, 2, 3
        """,
        most=MOST,
    )


# Normal forms


def _normal(env, name, column):
    return normal_sql(env["res.partner"]._fields[name], column)


def _number(env, column):
    return SQL("substring(%s FROM '^.*[0-9]{4}.*$')", _normal(env, "vat", column))


def _phone(env, column):
    """The last digits, as some write the country before them."""
    digits = _normal(env, "phone", column)
    return SQL("substring(%s FROM '[0-9]{7,8}$')", digits)


def _host(env, column):
    website = _normal(env, "website", column)
    return SQL("NULLIF(split_part(split_part(%s, '/', 1), ':', 1), '')", website)
