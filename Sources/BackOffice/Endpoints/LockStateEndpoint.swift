import HTTPServer
import Synchronization
import Wire

/// `/v1/devices/{imei}/channels/{channel}/lock-state`: the long poll.
extension BackOffice {
    func lockStateEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .GET, "/v1/devices/{imei}/channels/{channel}/lock-state",
                "The signed lock state, at once when it is not 'after', else when it changes",
                access: .session,
                parameters: [
                    .query("after", #"{"type":"integer"}"#, "The revision that the terminal has stored and enforces."),
                    .query("nonce", #"{"type":"string","pattern":"^[A-Za-z0-9_-]{1,64}$"}"#, "New with each request; comes back in the lease."),
                    .header(
                        "Prefer", #"{"type":"string","examples":["wait=110"]}"#, "RFC 7240: how many seconds to wait for a change; absent: none."),
                ],
                answers: [.text(200, "The lease: a compact JWS.", LeaseClaims.contentType)],
                problems: [.invalidIMEI, .unknownChannel, .invalidQuery, .invalidNonce, .sessionRefused],
                work: .inline { request, waking in try answerPoll(request, waking) })
        ]
    }

    /// What survives parking: only the wait. The rest is read again from the request, which costs less than keeping it would.
    private final class Wait: Sendable {
        let begin = ContinuousClock.now
        let end: ContinuousClock.Instant
        /// It ran out or was cut short: from then on only an answer will do, also after facts had to be fetched.
        let isOver = Atomic(false)
        init(_ length: Duration) { end = begin + length }
    }

    private func answerPoll(_ request: HTTPRequest, _ waking: Waking?) throws -> InlineAnswer {
        let poll = try Self.poll(request)
        // Before the truth is read: a change from here on calls this again.
        let seen = lot.epoch(of: poll.imei.serial)
        let wait = request.parkedState as? Wait
        switch waking {
        case nil, .resumed, .changed: break
        case .deadline, .superseded, .shuttingDown: wait?.isOver.store(true, ordering: .relaxed)
        }
        let mayWait = wait.map { !$0.isOver.load(ordering: .relaxed) } ?? true
        // Also the first is a poll whose facts had to be fetched: what it says in `after` has not been heard yet.
        let isFirst = waking == nil || (waking == .resumed && wait == nil)
        let extra = { wait.map { terms.extra(asked: Self.waitSeconds(request), parked: .now - $0.begin) } ?? 0 }
        switch try polls.answer(poll, isFirst: isFirst, mayWait: mayWait && Self.waitSeconds(request) > 0, extra: extra()) {
        case nil:
            return .worker { [states, errors] _ in
                do {
                    // Facts that are not kept are those of a sign-in that another has replaced: its session has ended.
                    guard try states.load(poll.imei, claiming: poll.session.claimed).mayBeKept else { throw Polls.sessionRefused }
                    return .handleAgain
                } catch { return .respond(errors.response(for: error)) }
            }
        case .lease(let lease): return .respond(HTTPResponse(status: 200, contentType: LeaseClaims.contentType, body: lease))
        case .refused(let problem): throw problem
        case .wait:
            let wait = wait ?? Wait(spread(.seconds(min(Self.waitSeconds(request), max(terms.ttl, terms.longestWait)))))
            return .park(
                Parking(
                    key: ParkingKey(subject: poll.imei.serial, lane: Self.lane(poll.channel)), seen: seen, deadline: wait.end, state: wait))
        }
    }

    /// Up to a sixty-fourth shorter, a little more when it is short, so that terminals that were woken together do not come back together.
    private func spread(_ wait: Duration) -> Duration {
        wait - min(wait / 16, max(.seconds(1), wait / 64)) * Double.random(in: 0...1)
    }

    private static func poll(_ request: HTTPRequest) throws -> Polls.Request {
        let imei = try request.imei()
        let channel = try request.channel()
        guard let bearer = request.bearer, let (session, mac) = SessionToken.parse(bearer) else { throw Polls.sessionRefused }
        guard let nonce = request.query("nonce"), Nonce.isValid(nonce) else { throw Nonce.problem }
        let after = try request.query("after").map { text in
            guard let revision = Revision(text), revision >= 0 else {
                throw Problem(.invalidQuery, "'after' is the revision that the terminal enforces.")
            }
            return revision
        }
        return Polls.Request(imei: imei, channel: channel, session: session, mac: mac, after: after, nonce: nonce)
    }

    /// Seconds of `Prefer: wait=…`; 0 when it is absent or not a number (an unknown preference is ignored, RFC 7240 section 2).
    private static func waitSeconds(_ request: HTTPRequest) -> Int {
        guard let prefer = request.header("Prefer") else { return 0 }
        for preference in prefer.split(separator: ",") {
            let pair = preference.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
            guard pair.count == 2, pair[0].lowercased() == "wait" else { continue }
            // The value may be a quoted text, and parameters may follow it.
            return max(0, Int(pair[1].drop { $0 == "\"" }.prefix { $0.isNumber }) ?? 0)
        }
        return 0
    }

    /// FNV-1a of the code: tells the channels of one terminal apart without keeping a table.
    private static func lane(_ channel: ChannelCode) -> UInt32 {
        channel.text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
