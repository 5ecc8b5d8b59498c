"""AWS on one machine: the stack of ``template.yaml`` without an account or Docker.

The data's way: ``template`` turns the SAM template into CloudFormation, ``deployment``
creates its resources in moto, ``reader`` reads functions, routes, mappings and
schedules from it into a ``stack``. ``supervisor`` starts one process each for moto
(``moto_process``), the HTTP API (``front``), each queue (``poller``) and the schedules
(``scheduler``). These run the real handlers in further processes (``function``), under
AWS's own runtime client (``runtime_api``).
"""
