"""A script as one writes it to send a file of records to a model server: asyncio, so many calls at once, every answer
to a file as it comes. Nothing survives a crash, nothing is tried again, and the order is that of the answers.

    python3 client.py INPUT.jsonl OUTPUT.jsonl URL CALLS-AT-ONCE

It uses aiohttp if that is installed, and else HTTP/1.1 over asyncio's own streams. The last line that it prints is
"<records> <seconds>".
"""

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit

try:
    import aiohttp
except ImportError:
    aiohttp = None


async def call_with_aiohttp(url, at_once, records, keep):
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def work():
            for record in records:
                async with session.post(url, json={"model": "bench", **record["modelInput"]}) as response:
                    keep(record, response.status, await response.read())

        await asyncio.gather(*(work() for _ in range(at_once)))


async def call_with_streams(url, at_once, records, keep):
    parts = urlsplit(url)

    async def work():
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
        for record in records:
            body = json.dumps({"model": "bench", **record["modelInput"]}).encode()
            head = (
                f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            lines = answer.decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            keep(record, int(lines[0].split()[1]), await reader.readexactly(int(headers["content-length"])))
        writer.close()

    await asyncio.gather(*(work() for _ in range(at_once)))


def main():
    source, target, url, at_once = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    count = 0
    began = time.perf_counter()
    with open(source) as lines, open(target, "w") as out:

        def keep(record, status, body):
            nonlocal count
            if status != 200:
                raise RuntimeError(f"record {record['recordId']}: status {status}")
            record["modelOutput"] = json.loads(body)
            out.write(json.dumps(record) + "\n")
            count += 1

        call = call_with_aiohttp if aiohttp else call_with_streams
        asyncio.run(call(url, at_once, (json.loads(line) for line in lines), keep))
    print(count, time.perf_counter() - began)


main()
