package import AgentCore
private import HTTPClient
private import Platform
package import Signing
package import Wire

/// The transfers to the server: at most a connection or a poll, and beside it a report of events.
package final class ServerLink {
    private enum Purpose {
        case connection(sentAt: Duration)
        case poll(sentAt: Duration)
        case report
    }

    private let identity: Identity
    private let bootID: String
    private let requests: ServerRequests
    private let token: ConnectionToken
    private var answers: ServerAnswers
    private var trust: ServerTrust
    private let transfers: TransferLoop
    private var underWay: [TransferID: Purpose] = [:]
    private var patience = ConnectPatience()
    /// Whether a connection was lost since the server was last heard: the others that are kept went the same way, and are as dead.
    private var isInDoubt = false
    /// Of the last connection request.
    private var nonce = ""

    package init(identity: Identity, enrolment: Enrolment, key: Ed25519PrivateKey, bootID: String) throws(CryptoError) {
        self.identity = identity
        self.bootID = bootID
        requests = ServerRequests(server: identity.server, imei: identity.imei, channel: identity.channel)
        token = try ConnectionToken(key: key, imei: identity.imei)
        answers = ServerAnswers(verifier: try LeaseVerifier(enrolment.keys))
        trust = ServerTrust(enrolment, caFile: identity.caFile)
        transfers = TransferLoop(options: HTTPClientOptions(caFile: identity.caFile, keepAlive: nil))
    }

    /// What the terminal is to be told, and whether the other descriptor is readable.
    package func wait(with descriptor: Int32, timeout: Duration) -> (ready: Bool, events: [Event]) {
        var events = trust.takeReports().map { Event.tampered(what: $0) }
        let (ready, finished) = transfers.poll(extraFD: descriptor, timeout: events.isEmpty ? timeout : .zero)
        for (id, result) in finished {
            let isGivenUpEarly = patience.note(result)
            if case .success = result { isInDoubt = false } else { isInDoubt = true }
            guard let purpose = underWay.removeValue(forKey: id) else { continue }
            var event =
                switch purpose {
                case .connection(let sentAt): answers.connection(result, sentAt: sentAt, unixMilliseconds: WallClock.now())
                case .poll(let sentAt): answers.poll(result, sentAt: sentAt)
                case .report: answers.report(result)
                }
            if isGivenUpEarly, case .transferFailed(var failure) = event {
                failure.isCheap = true
                event = .transferFailed(failure)
            }
            learn(from: event)
            events.append(event)
        }
        return (ready, events)
    }

    /// The server's time, and the pins that the last connection brought, when they are for this terminal and of that connection.
    private func learn(from event: Event) {
        switch event {
        case .connectionAnswered(_, _, let lease, _, _), .pollAnswered(let lease, _): trust.hear(lease.iat, at: Uptime.now())
        default: break
        }
        if let (grant, serverKey) = answers.takePins(), grant.sub == identity.imei, grant.nonce == nonce {
            trust.take(grant.pins, serverKey: serverKey, at: Uptime.now())
        }
    }

    /// Writes what was learnt about the server, when it is something new: pins that were exchanged, an authority. To be called when what the
    /// answers asked for is done: it waits for the disk.
    func save(in directory: StateDirectory) {
        guard let enrolment = trust.takeUnsaved() else { return }
        do {
            // Somebody may have enrolled this terminal anew, which counts from the next start.
            guard try directory.enrolment() == trust.saved else { return }
            try directory.replace(enrolment)
            let isPinned = enrolment.pins != trust.saved.pins
            trust.didSave(enrolment)
            guard isPinned else { return }
            Log.info("The server's key must be one of these: \(enrolment.pins?.map(\.description).joined(separator: ", ") ?? "any").")
        } catch {
            Log.error("What the server's certificate must be cannot be stored: \(error). It holds until the next start.")
        }
    }

    /// The key for offline codes that the last connection brought, when it is for this terminal and of that connection.
    func takeGrant() -> OfflineCodeGrant? {
        guard let grant = answers.takeGrant(), grant.sub == identity.imei, grant.nonce == nonce else { return nil }
        return grant
    }

    // Each returns an event only when the request cannot even be sent.

    package func connect(nonce: String, nextCode: Int64?, timeout: Duration, now: Moment) -> Event? {
        endConversation()
        self.nonce = nonce
        let body = ConnectionRequest(
            nonce: nonce, account: identity.account, boot_id: bootID, agent_version: vendlockVersion, model: identity.model,
            next_code: nextCode)
        do {
            let token = try token.make(unixSeconds: answers.clock.now(unixMilliseconds: now.wall.unixMilliseconds))
            return start(requests.connect(body, token: token, timeout: timeout), .connection(sentAt: now.sinceBoot))
        } catch {
            return .transferFailed(TransferFailure(.network("\(error)")))
        }
    }

    package func poll(session: String, after: Revision, nonce: String, wait: Int, timeout: Duration, now: Moment) -> Event? {
        endConversation()
        let request = requests.poll(session: session, after: after, nonce: nonce, wait: wait, timeout: timeout)
        return start(request, .poll(sentAt: now.sinceBoot))
    }

    package func report(_ events: [TerminalEvent], session: String, timeout: Duration) -> Event? {
        start(requests.report(events, session: session, timeout: timeout), .report)
    }

    /// Sends what was begun, without waiting for an answer.
    func advance() { transfers.advance() }

    /// Its answer would be taken for that of the request in its place.
    private func endConversation() {
        for (id, purpose) in underWay {
            if case .report = purpose { continue }
            transfers.cancel(id)
            isInDoubt = true
            underWay[id] = nil
        }
    }

    private func start(_ request: HTTPClientRequest, _ purpose: Purpose) -> Event? {
        var request = request
        request.connectTimeout = patience.timeout
        // One that is forgotten on the way costs a whole timeout; no network forgets them sooner than that.
        request.idleLimit = .seconds(isInDoubt ? 1 : Limits.shortestLevel)
        transfers.options = trust.options(wallSeconds: WallClock.now() / 1000, at: Uptime.now())
        do throws(HTTPClientError) {
            underWay[try transfers.start(request)] = purpose
            return nil
        } catch {
            let failure = TransferFailure(.network(error.description))
            if case .report = purpose { return .eventsFailed(failure) }
            return .transferFailed(failure)
        }
    }
}
