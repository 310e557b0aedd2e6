/// The server that Kinospool takes the place of, as it is usually written: FastAPI, a connection to SQLite for each
/// request, WAL with SQLite's default `synchronous=FULL`, which is durable.
enum HTTPBaseline {
    /// Arguments: the database, the port, how many jobs to begin with, and such a job's body.
    static let source = """
        import json, sqlite3, sys, time, uuid
        import uvicorn
        from fastapi import FastAPI, HTTPException
        from pydantic import BaseModel

        DB, PORT, STOCK, BODY = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
        app = FastAPI()

        class Job(BaseModel):
            type: str
            prompt: str = ""
            project: str | None = None

        def connect():
            db = sqlite3.connect(DB, timeout=30, check_same_thread=False, isolation_level=None)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode=WAL")
            return db

        def row(r):
            return {k: r[k] for k in r.keys() if k != "body"} | {"input": json.loads(r["body"])}

        def insert(db, job):
            i, now = uuid.uuid4().hex, time.time()
            db.execute("INSERT INTO jobs VALUES(?,?,?,?,?,?,?,?,?)",
                       (i, "QUEUED", job.type, job.project, now, now, 0.0, None, job.model_dump_json()))
            return {"id": i, "status": "QUEUED"}

        def one(db, i):
            r = db.execute("SELECT * FROM jobs WHERE id=?", (i,)).fetchone()
            if r is None:
                raise HTTPException(404)
            return row(r)

        def some(db, limit):
            return [row(r) for r in db.execute("SELECT * FROM jobs ORDER BY created_at DESC LIMIT ?", (limit,))]

        def with_db(f, *a):
            db = connect()
            try:
                return f(db, *a)
            finally:
                db.close()

        @app.post("/jobs", status_code=201)
        def post(job: Job):
            return with_db(insert, job)

        @app.get("/jobs/{i}")
        def get(i: str):
            return with_db(one, i)

        @app.get("/jobs")
        def index(limit: int = 50):
            return with_db(some, limit)

        db = connect()
        db.executescript(
            "CREATE TABLE jobs(id TEXT PRIMARY KEY, status TEXT, type TEXT, project TEXT, created_at REAL,"
            " updated_at REAL, progress REAL, error_code TEXT, body TEXT);"
            "CREATE INDEX jobs_status ON jobs(status, created_at); CREATE INDEX jobs_created ON jobs(created_at);")
        first = [insert(db, Job(**json.loads(BODY))) for _ in range(STOCK)][0]["id"]

        class Server(uvicorn.Server):
            async def startup(self, sockets=None):
                await super().startup(sockets)
                print("first id", first, file=sys.stderr, flush=True)

        Server(uvicorn.Config(app, port=PORT, log_level="error", loop="uvloop", http="httptools")).run()
        """

    /// What wrk does and writes down.
    ///
    /// - Parameter body: what to post; nil to get.
    static func script(out: String, body: String?) -> String {
        let post = body.map { body in
            "wrk.method = \"POST\"\nwrk.body = [==[\(body)]==]\nwrk.headers[\"Content-Type\"] = \"application/json\"\n"
        }
        return (post ?? "") + """
            function done(s, latency, requests)
              local e, f = s.errors, io.open("\(out)", "w")
              f:write(string.format('{"rate":%.1f,"p99_ms":%.3f,"errors":%d}', s.requests / s.duration * 1e6,
                latency:percentile(99) / 1000, e.connect + e.read + e.write + e.status + e.timeout))
              f:close()
            end

            """
    }
}
