"""AWS on one machine: the stack of ``template.yaml`` without an account or Docker.

The data's way: ``template`` turns the SAM template into CloudFormation, ``stack``
creates its resources in moto and reads the functions, routes, queues and schedules
from it, ``supervisor`` starts one process each for moto (``moto_process``), the HTTP
front (``front``), each queue (``poller``) and the schedules (``scheduler``). These run
the real handlers in processes of their own (``function``) under AWS's runtime client.
"""
