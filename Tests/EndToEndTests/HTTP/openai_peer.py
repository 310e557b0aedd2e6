"""Makes, awaits, downloads, remixes and deletes a video with OpenAI's own package: openai_peer.py URL OUT.mp4"""
import sys
import warnings

warnings.simplefilter("ignore")
import openai

base, out = sys.argv[1:]
client = openai.OpenAI(base_url=base + "/v1", api_key="none", max_retries=0)
video = client.videos.create(prompt="paper boats", model="sora-2", seconds="1", size="320x180")
assert video.object == "video" and video.status in ("queued", "in_progress"), video
done = client.videos.poll(video.id)
assert done.status == "completed" and done.progress == 100, done
assert done.seconds == "1" and done.size == "320x180" and done.model == "sora-2", done
client.videos.download_content(video.id).write_to_file(out)
for variant in ("thumbnail", "spritesheet"):
    assert client.videos.download_content(video.id, variant=variant).read()[:2] == b"\xff\xd8", variant
remix = client.videos.remix(video.id, prompt="paper planes")
assert remix.remixed_from_video_id == video.id and remix.prompt == "paper planes", remix
client.videos.poll(remix.id)
still = client.videos.create(
    prompt="it moves", seconds="1", size="320x180", input_reference=client.videos.download_content(
        video.id, variant="thumbnail").read())
assert client.videos.poll(still.id).status == "completed"
assert [v.id for v in client.videos.list()] == [still.id, remix.id, video.id]
assert [v.id for v in client.videos.list(order="asc", limit=2)] == [video.id, remix.id, still.id]
assert [v.id for v in client.videos.list(after=still.id, limit=1).data] == [remix.id]
assert client.videos.delete(video.id).deleted
try:
    client.videos.retrieve(video.id)
    raise SystemExit("a deleted video is still there")
except openai.NotFoundError as error:
    assert error.code == "no_such_job", error
try:
    client.videos.create(prompt=" ")
    raise SystemExit("an empty prompt was taken")
except openai.BadRequestError as error:
    assert error.code == "invalid_job", error
print("ok")
