import JobCore
import Testing

@Suite("Object storage: what files tell of it")
struct PublicationTests {
    private let id = JobID(resembling: "boats", random: 1)
    private let now = Timestamp(milliseconds: 1_795_442_400_000)
    private let place = StoragePlace(bucket: "films", endpoint: "http://127.0.0.1:9000/")

    private func folder(_ nonce: String = "7k3q9d2p") throws -> StorageFolder {
        try #require(StorageFolder(job: id, attempt: 2, nonce: nonce))
    }

    private func access(bucket: String = "films", publicBase: String? = nil) throws -> StorageAccess {
        StorageAccess(
            bucket: bucket, endpoint: try #require(WebURL("http://127.0.0.1:9000")), region: "auto", keyID: "AK",
            secret: "hush", publicBase: publicBase.flatMap { WebURL($0) })
    }

    @Test func keys_tellJobAttemptAndName_andCannotBeGuessed() throws {
        let folder = try folder()
        #expect(folder.key(of: "my film.mp4")?.text == "jobs/\(id)/a2-7k3q9d2p/my film.mp4")
        for name in ["", "../x", "a/b", ".hidden", "-x", "a\nb", "a\\b", "a\u{FFFD}"] {
            #expect(folder.key(of: name) == nil, "\(name)")
        }
        let many = Set((0..<100).map { _ in StorageFolder(newFor: id, attempt: 1).nonce })
        #expect(many.count == 100 && many.allSatisfy { $0.utf8.count == 24 })
    }

    @Test(arguments: [
        "a2", "a2-", "a2-short", "a0-7k3q9d2p", "a02-7k3q9d2p", "b2-7k3q9d2p", "a2-7k3q9d2P", "a2-../x/abcd",
    ])
    func folder_ofAnotherForm_isNone(name: String) {
        #expect(StorageFolder(job: id, name: name) == nil)
    }

    @Test func entry_isReadFromItsNameAndBytes_alsoTorn() throws {
        for isUnwanted in [false, true] {
            let entry = StorageEntry(try folder(), at: place, isUnwanted: isUnwanted)
            #expect(StorageEntry(fileName: entry.fileName, bytes: entry.bytes) == entry)
            let torn = try #require(StorageEntry(fileName: entry.fileName, bytes: Array(entry.bytes.prefix(9))))
            #expect(torn.folder == entry.folder && torn.place == nil && torn.isUnwanted == isUnwanted)
        }
        for name in ["x", "boats.json", ".a2-7k3q9d2p.json", "boats.a2-7k3q9d2p", "boats.a2-7k3q9d2p.txt"] {
            #expect(StorageEntry(fileName: name, bytes: []) == nil, "\(name)")
        }
        let dotted = try #require(JobID("a.b.json"))
        let entry = StorageEntry(StorageFolder(newFor: dotted, attempt: 1), at: nil)
        #expect(StorageEntry(fileName: entry.fileName, bytes: entry.bytes)?.job == dotted)
    }

    @Test func publication_survivesItsFile_andBelongsToItsJobAlone() throws {
        let failure = Failure(.configError, "no", hint: "Set AWS_SECRET_ACCESS_KEY.")
        for publication in [
            Publication(try folder(), at: place, isPublished: true),
            Publication(try folder(), at: nil, isPublished: false),
            Publication(try folder(), at: place, isPublished: false, error: failure),
        ] {
            #expect(Publication(json: publication.json, of: id) == publication)
            let other = JobID(resembling: "other", random: 2)
            #expect(Publication(json: publication.json, of: other)?.folder.job == other)
        }
        #expect(Publication(json: ["folder": "../../else/a1-7k3q9d2p"], of: id) == nil)
        #expect(Publication(json: ["folder": "a1-7k3q9d2p", "state": "published"], of: id)?.isPublished == false)
    }

    @Test func link_isPublicOrSigned_andOnlyWhereTheKeyReaches() throws {
        let publication = Publication(try folder(), at: place, isPublished: true)
        let open = try access(publicBase: "https://films.example/x")
        #expect(
            publication.link(to: "a b.mp4", through: open, at: now)
                == "https://films.example/x/jobs/\(id)/a2-7k3q9d2p/a%20b.mp4")
        let signed = try #require(publication.link(to: "a.mp4", through: access(), at: now))
        #expect(signed.hasPrefix("http://127.0.0.1:9000/films/jobs/\(id)/a2-7k3q9d2p/a.mp4?X-Amz-Algorithm="))
        #expect(signed.contains("X-Amz-Expires=604800") && !signed.contains("hush"))
        // Another bucket of the same server is reached, without the first one's public URL; another server is not.
        let elsewhere = try access(bucket: "other", publicBase: "https://films.example/x")
        #expect(publication.link(to: "a.mp4", through: elsewhere, at: now)?.contains("/films/jobs/") == true)
        let stranger = StorageAccess(
            bucket: "films", endpoint: try #require(WebURL("https://s3.example")), region: "auto", keyID: "AK",
            secret: "hush")
        #expect(publication.link(to: "a.mp4", through: stranger, at: now) == nil)
        #expect(publication.link(to: "a.mp4", through: nil, at: now) == nil)
        #expect(publication.address(of: "a.mp4") == "s3://films/jobs/\(id)/a2-7k3q9d2p/a.mp4")
        let waiting = Publication(try folder(), at: place, isPublished: false)
        #expect(waiting.link(to: "a.mp4", through: open, at: now) == nil && waiting.address(of: "a.mp4") == nil)
    }

    @Test func view_showsLinks_andSaysWhyTheyAreMissing() throws {
        var view = JobView(id: id, state: .done, typeName: "RENDER", createdAt: now, updatedAt: now)
        view.artifacts = [Artifact(name: "a.mp4", kind: .video, bytes: 1, sha256: "")]
        view.outputURLs = ["file:///spool/a.mp4"]
        let policy = try Policy()
        let open = try access(publicBase: "https://films.example")
        func urls() -> JSONValue? { view.json(at: now, policy: policy, storage: open).object?["output_urls"] }
        #expect(urls() == ["file:///spool/a.mp4"])
        view.publication = Publication(try folder(), at: place, isPublished: true)
        #expect(urls() == [.string("https://films.example/jobs/\(id)/a2-7k3q9d2p/a.mp4")])
        #expect(view.json(at: now, policy: policy).object?["output_urls"] == ["file:///spool/a.mp4"])
        #expect(view.statusMessage(at: now, policy: policy) == "Done.")
        let failure = Failure(.configError, "It refused.", hint: "Set AWS_SECRET_ACCESS_KEY.")
        view.publication = Publication(try folder(), at: place, isPublished: false, error: failure)
        #expect(urls() == ["file:///spool/a.mp4"])
        #expect(
            view.statusMessage(at: now, policy: policy)
                == "Done. Not in object storage yet (config_error). Set AWS_SECRET_ACCESS_KEY. It refused.")
    }

    @Test(
        arguments: zip(
            ["video.mp4", "A.MOV", "poster.jpg", "speech.wav", "lora.safetensors", "page.html", "none"],
            ["video/mp4", "video/quicktime", "image/jpeg", "audio/wav"]
                + Array(repeating: "application/octet-stream", count: 3)))
    func contentType_isThatOfTheEnding(name: String, type: String) {
        #expect(ContentType.of(name) == type)
    }

    @Test func volume_readsBucketsAndMountedPaths() throws {
        #expect(RunPodVolume("s3://my-bucket/a/b.mp4")?.bucket == "my-bucket")
        #expect(RunPodVolume("s3://my-bucket/a/b.mp4")?.key.text == "a/b.mp4")
        let mounted = try #require(RunPodVolume("/runpod-volume/out/b c.mp4"))
        #expect(mounted.bucket == nil && mounted.key.text == "out/b c.mp4")
        for text in [
            "/runpod-volume/", "/runpod-volume/../x", "s3://", "s3://b", "s3://b/../x", "/else/a.mp4", "https://a/b",
        ] {
            #expect(RunPodVolume(text) == nil, "\(text)")
        }
    }
}
