"""Webhooks: what changes in organisations is told to apps that asked for it.

`events` is what is told, `payload` how it is written and signed, `posting` one HTTP
call to an app, `post` some events on their way, `subscription` what an app asked for
and what waits for it, `intent` the proof that an app checks signatures, `webhooks` all
subscriptions together, and `courier` the thread that delivers. `portal` is the page of
a person, `control` the API of a test.

Sources: developer.xero.com/documentation/guides/webhooks/overview and
configuring-your-server, Xero's OpenAPI description of its webhooks.
"""
