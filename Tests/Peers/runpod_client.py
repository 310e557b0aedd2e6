"""RunPod's own client against the gateway: what it understands, the gateway speaks.

    RUNPOD_ENDPOINT_BASE_URL=http://127.0.0.1:PORT/v2 runpod_client.py KEY
"""
import base64
import sys

import requests
import runpod

runpod.api_key = sys.argv[1]
endpoint = runpod.Endpoint("ep1")


def is_film(output):
    return base64.b64decode(output["video"])[4:8] == b"ftyp"


assert endpoint.health()["workers"]["idle"] == 1
job = endpoint.run({"input": {"prompt": "a film"}})
assert job.status() in ("IN_QUEUE", "IN_PROGRESS")
assert is_film(job.output(timeout=60)) and job.status() == "COMPLETED"
assert is_film(endpoint.run_sync({"input": {"prompt": "a film"}}, timeout=60))
raised = endpoint.run({"input": {"prompt": "raise"}})
assert raised.output(timeout=60) is None and raised.status() == "FAILED"
endless = endpoint.run({"input": {"prompt": "for ever"}})
waiting = endpoint.run({"input": {"prompt": "for ever"}})
assert endless.cancel()["status"] == "CANCELLED" == endless.cancel()["status"] == endless.status()
assert waiting.status() in ("IN_QUEUE", "IN_PROGRESS")
waiting.cancel()
for wrong, words in [
    (lambda: endpoint.run({"input": {"prompt": "A" * (11 << 20)}}), "400"),
    (lambda: runpod.Endpoint("ep1", api_key="rpa_wrong").health(), "401"),
    (lambda: runpod.endpoint.runner.Job("ep1", "nobody-u1", endpoint.rp_client).status(), "404"),
]:
    try:
        wrong()
    except (RuntimeError, requests.HTTPError) as error:
        assert words in str(error), error
    else:
        raise AssertionError(f"no {words}")
print("understood")
