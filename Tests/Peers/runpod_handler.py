"""What RunPod's worker does with a job: a film by ffmpeg, or the trouble that the prompt asks for."""
import asyncio
import base64
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import runpod


def film():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "film.mp4")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=8:d=1",
             "-pix_fmt", "yuv420p", path], check=True)
        with open(path, "rb") as file:
            return file.read()


def uploaded(name):
    url = f"{os.environ['GATEWAY_FILES']}/{name}.mp4"
    with urllib.request.urlopen(urllib.request.Request(url, data=film(), method="PUT"), timeout=30):
        return url


def is_there(name):
    try:
        with urllib.request.urlopen(f"{os.environ['GATEWAY_FILES']}/{name}", timeout=30):
            return True
    except urllib.error.HTTPError:
        return False


async def work(job):
    prompt = job["input"]["prompt"]
    for step in range(3):
        runpod.serverless.progress_update(job, f"Update {step + 1}/4")
        await asyncio.sleep(0.1)
    if prompt == "raise":
        raise ValueError("the model is missing")
    if prompt == "url":
        return {"video_url": uploaded(job["id"])}
    if prompt == "too large":
        return {"video": "A" * (12 << 20)}
    if prompt == "path":
        return {"video": "simulated_uploaded/1a2b3c4d.mp4"}
    if prompt == "for ever":
        await asyncio.sleep(600)
    if prompt == "late progress":
        # It is posted by a thread of its own, and mostly arrives after the result.
        runpod.serverless.progress_update(job, "Update 4/4")
    return {"video": base64.b64encode(film()).decode()}


def handler(job):
    if job["input"]["prompt"] == "deaf":
        # Holds up the worker's event loop, so that no stop reaches it, until the test makes the file "go".
        while not is_there("go"):
            time.sleep(0.1)
        return {"video": base64.b64encode(film()).decode()}
    return work(job)


runpod.serverless.start({"handler": handler})
