"""Listens and posts at the same time: load_peer.py PORT PID LISTENERS POSTERS SECONDS

Every listener hears events until the end; one that is let go of comes back with Last-Event-ID, as browsers do.
"""
import asyncio
import sys
import time

port, pid, listeners, posters, seconds = map(int, sys.argv[1:])
end = time.monotonic() + seconds
heard, posted, returns, faults = [0] * listeners, 0, 0, []
body = b'{"type":"NOOP","params":{}}'


def memory():
    return int(next(l for l in open(f"/proc/{pid}/status") if l.startswith("VmRSS")).split()[1]) // 1024


async def listen(number):
    global returns
    last = ""
    while time.monotonic() < end:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        fields = f"Last-Event-ID: {last}\r\n" if last else ""
        writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fields}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            faults.append(head[:60])
            return
        try:
            while time.monotonic() < end:
                line = await asyncio.wait_for(reader.readline(), 20)
                if not line or line == b"0\r\n":
                    returns += 1
                    break
                if line.startswith(b"id: "):
                    last = line[4:].strip().decode()
                    heard[number] += 1
        except asyncio.TimeoutError:
            faults.append(b"20 s of silence")
        writer.close()


async def post():
    global posted
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"POST /jobs HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    request = f"{request}Content-Length: {len(body)}\r\n\r\n".encode() + body
    while time.monotonic() < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        if b" 200 " not in head:
            faults.append(head[:60])
            return
        posted += 1


async def main():
    before, most = memory(), 0
    tasks = [asyncio.create_task(listen(n)) for n in range(listeners)]
    await asyncio.sleep(1)
    tasks += [asyncio.create_task(post()) for _ in range(posters)]
    while time.monotonic() < end:
        await asyncio.sleep(0.5)
        most = max(most, memory())
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            faults.append(repr(result))
    print(f"measured: {posted} posts, {sum(heard)} events heard by {listeners}, {returns} returns, "
          f"{before} MB before, at most {most} MB")
    assert not faults, faults[:5]
    assert posted > 0 and all(heard), (posted, heard.count(0))
    assert most < before + 256, (before, most)


asyncio.run(main())
