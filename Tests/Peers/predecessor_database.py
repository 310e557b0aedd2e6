"""Writes a jobs database as the predecessor left it: python3 predecessor_database.py PATH VARIANT COUNT FILMS

VARIANT: current (last_heartbeat_at), renamed (heartbeat_at), old (no heartbeat, `error` for both error columns).
With a `+wal` behind it the log stays beside the database, as after a kill. FILMS is a folder for the files of done jobs.
"""
import json
import os
import pathlib
import sqlite3
import sys
from datetime import datetime, timedelta

path, variant, count, films = sys.argv[1], sys.argv[2], int(sys.argv[3]), pathlib.Path(sys.argv[4])
variant, _, log = variant.partition("+")

common = """job_id TEXT PRIMARY KEY, type TEXT, status TEXT, progress INTEGER, params TEXT, output_urls TEXT,
runpod_job_id TEXT, created_at TEXT, updated_at TEXT"""
tail = ", started_at TEXT, finished_at TEXT, status_message TEXT, error_code TEXT, error_message TEXT"
columns = {
    "current": common + ", last_heartbeat_at TEXT" + tail,
    "renamed": common + ", heartbeat_at TEXT" + tail,
    "old": common + ", error TEXT",
}[variant]

database = sqlite3.connect(path)
if log == "wal":
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA wal_autocheckpoint=0")
database.execute(f"CREATE TABLE jobs ({columns})")
names = [row[1] for row in database.execute("PRAGMA table_info(jobs)")]

statuses = ["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELED"]
types = ["RENDER", "IMG2VID", "TTS", "LIPSYNC", "TRAIN_TWIN", "EXPORT"]
start = datetime(2025, 3, 1, 12, 0, 0)


def text(moment, number):
    """Naive ISO, with a fraction in every other row."""
    return moment.isoformat() if number % 2 else (moment + timedelta(microseconds=123456)).isoformat()


for number in range(count):
    status = statuses[number % len(statuses)]
    kind = types[number % len(types)]
    made = start + timedelta(minutes=number)
    outputs = []
    if status == "SUCCEEDED":
        if number % 3 == 0:
            film = films / f"film {number}.mp4"
            film.write_bytes(f"the bytes of film {number}".encode())
            outputs = ["file://" + str(film).replace(" ", "%20")]
        elif number % 3 == 1:
            outputs = [f"https://cdn.example/{number}.mp4"]
        else:
            outputs = [f"file:///nowhere/{number}.mp4"]
    row = {
        "job_id": f"{number:08x}-1111-4222-8333-444444444444",
        "type": kind,
        "status": status,
        "progress": 100 if status == "SUCCEEDED" else number % 100,
        "params": json.dumps({"prompt": f"paper boats {number}", "text": "hello", "image": "https://cdn.example/a.png"}),
        "output_urls": json.dumps(outputs),
        "runpod_job_id": f"run-{number}-e1" if status == "RUNNING" and number % 2 else None,
        "created_at": text(made, number),
        "updated_at": text(made + timedelta(seconds=90), number),
        "last_heartbeat_at": text(made, number),
        "heartbeat_at": text(made, number),
        "started_at": None if status == "QUEUED" else text(made + timedelta(seconds=5), number),
        "finished_at": text(made + timedelta(seconds=90), number) if status in ("SUCCEEDED", "FAILED", "CANCELED") else None,
        "status_message": "",
        "error_code": "ffmpeg_error" if status == "FAILED" else None,
        "error_message": "ffmpeg said no" if status == "FAILED" else None,
        "error": "ffmpeg said no" if status == "FAILED" else None,
    }
    database.execute(
        f"INSERT INTO jobs ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})", [row[name] for name in names])
database.commit()
if log == "wal":
    # As after a kill: nobody has closed it, so the log is not merged.
    os._exit(0)
