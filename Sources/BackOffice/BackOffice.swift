package import HTTPServer
import Messaging
import PhoneNumbers
import Platform
package import Signing
import Store
package import Wire

/// The back office over one store: its services, composed once, and the routes that lead to them.
package struct BackOffice: Sendable {
    let environment: Environment
    let accounts: Accounts
    let audits: Audits
    let authorizations: Authorizations
    let callers: Callers
    let catalogue: ChannelCatalogue
    let connections: Connections
    package let courier: Courier
    let desk: MessageDesk
    let devices: Devices
    let discretion: Discretion
    let enrolments: Enrolments
    let errors: ErrorReport
    let events: Events
    let freshchatWebhook: FreshchatWebhook?
    let exporting: AccountExport
    let holds: Holds
    let imports: AccountImports
    let lastSeen: LastSeen
    let locationRequests: LocationRequests
    let lot: ParkingLot
    let notes: Notes
    let offlineCodes: OfflineCodes
    let numberChanges: NumberChanges
    package let pins: TerminalPins
    let polls: Polls
    package let staff: Staff
    let silences: SilenceWatch
    let states: LockStates
    package let tokens: Tokens
    let ussd: USSDSession
    package let requests: Requests
    let visits: Visits
    /// Whether this server itself ends TLS: its cookies go over TLS only.
    let isOverTLS: Bool
    /// A wait is cut to a lease's time, so that a lost client is noticed.
    let terms: LeaseIssuer.Terms

    /// - Parameters:
    ///   - region: whose telephone numbers staff may write without a country code: two letters.
    ///   - pins: the keys that terminals are to expect of this server; absent: nothing is said of them.
    ///   - ownPin: of the certificate in use, where it is known.
    ///   - isChecking: whether an account's owner is being asked for what level 1 may not see; absent: the requests tell.
    package init(
        environment: Environment, terms: LeaseIssuer.Terms, lot: ParkingLot, region: String = "ZA",
        messaging: MessagingConfiguration = MessagingConfiguration(), isOverTLS: Bool = false,
        pins: [CertificatePin]? = nil, ownPin: CertificatePin? = nil,
        passwordCost: PasswordHash.Cost = .standard, isChecking: Discretion.IsChecking? = nil
    ) throws {
        self.isOverTLS = isOverTLS
        self.environment = environment
        self.lot = lot
        let keys = try ServerKeys(store: environment.store)
        let leases = try LeaseIssuer(key: keys.signing, terms: terms, metrics: environment.metrics)
        self.terms = terms
        lastSeen = LastSeen(terms: terms)
        states = LockStates(store: environment.store)
        tokens = try Tokens(environment: environment)
        staff = try Staff(environment: environment, cost: passwordCost)
        callers = Callers(environment: environment, tokens: tokens, staff: staff)
        catalogue = ChannelCatalogue(environment: environment)
        errors = ErrorReport(metrics: environment.metrics)
        let numbers = try PhoneNumberReader(region: region)
        desk = MessageDesk(environment: environment, configuration: messaging, lastSeen: lastSeen, numbers: numbers)
        accounts = Accounts(environment: environment, lastSeen: lastSeen, numbers: numbers, outbox: desk.outbox)
        audits = Audits(environment: environment)
        imports = AccountImports(environment: environment, numbers: numbers)
        exporting = AccountExport(environment: environment)
        authorizations = Authorizations(states: states)
        devices = Devices(environment: environment, lastSeen: lastSeen)
        discretion = Discretion(environment: environment, isChecking: isChecking ?? Requests.isChecking)
        self.pins = try TerminalPins(pins, own: ownPin, keys: keys, store: environment.store)
        enrolments = Enrolments(environment: environment, keys: keys, pins: self.pins)
        silences = SilenceWatch(environment: environment, lastSeen: lastSeen, longestSilence: terms.longestSilence, alerts: desk.alerts)
        locationRequests = LocationRequests(environment: environment)
        visits = Visits(environment: environment, requests: locationRequests) { [desk] visit, now, writer in
            try Requests.visitSettled(visit, telling: desk.outbox, now: now, in: writer)
        }
        events = Events(environment: environment, lastSeen: lastSeen, visits: visits, alerts: desk.alerts)
        holds = Holds(environment: environment, lastSeen: lastSeen, outbox: desk.outbox)
        notes = Notes(environment: environment)
        offlineCodes = OfflineCodes(environment: environment, keys: keys)
        connections = Connections(
            environment: environment, keys: keys, leases: leases, lastSeen: lastSeen, alerts: desk.alerts, offlineCodes: offlineCodes,
            pins: self.pins)
        numberChanges = NumberChanges(environment: environment, outbox: desk.outbox, numbers: numbers)
        requests = Requests(environment: environment, outbox: desk.outbox, alerts: desk.alerts, numberChanges: numberChanges, visits: visits)
        freshchatWebhook = messaging.freshchat?.publicKey.flatMap(Self.freshchatWebhook)
        ussd = USSDSession(environment: environment, desk: desk)
        courier = try Courier()
        polls = Polls(environment: environment, keys: keys, leases: leases, states: states, lastSeen: lastSeen, desk: desk)
        environment.store.onCommit { [states, lot, courier] subjects, reader in
            // Memory first, then the terminals: a woken poll must find the new truth.
            states.refresh(subjects, reader)
            for case .device(let imei) in subjects { lot.wake(subject: imei.serial) }
            // A terminal that confirms may be what an answer waits for.
            if !subjects.isEmpty { courier.wake() }
        }
    }

    /// `nil` for a key that cannot be read: locks through everything else must not wait until it is mended.
    private static func freshchatWebhook(publicKey: String) -> FreshchatWebhook? {
        do throws(CryptoError) {
            return try FreshchatWebhook(publicKey: publicKey)
        } catch {
            Log.error("freshchat.public_key: \(error.detail). Freshchat's messages are refused until it is mended")
            return nil
        }
    }

    /// Begins to send what waits in the outbox.
    package func startSending() throws { try courier.start(desk) }

    /// What time alone brings about; called every second.
    package func tick() throws {
        try imports.continuePending()
        try desk.tick()
        try silences.tick()
        if try requests.tick() { courier.wake() }
        try staff.endOverdue()
        try visits.tick()
    }

    package func routes() -> [Route] {
        endpoints().map { $0.route(callers: callers, errors: errors) }
    }

    /// Every endpoint, in the order of the OpenAPI document.
    func endpoints() -> [Endpoint] {
        accountsEndpoints() + importEndpoints() + requestsEndpoints() + numberChangesEndpoints() + holdsEndpoints() + notesEndpoints()
            + devicesEndpoints() + offlineCodesEndpoints() + locationsEndpoints()
            + terminalEndpoints()
            + lockStateEndpoints()
            + authorizationsEndpoints() + drillsEndpoints() + messagesEndpoints() + channelsEndpoints() + tokensEndpoints() + usersEndpoints()
            + sessionsEndpoints()
            + whatsAppHookEndpoints() + freshchatHookEndpoints() + smsHookEndpoints() + ussdHookEndpoints() + emailHookEndpoints()
            + operationEndpoints()
    }

    /// What the HTTP room answers by itself, as a problem.
    package func errorResponse(status: Int, detail: String) -> HTTPResponse { errors.response(status: status, detail: detail) }

    /// Writes down what is only in memory. Called every few seconds and at shutdown.
    package func flush() {
        lastSeen.flush(to: environment.store)
        staff.flush()
        desk.forget()
    }
}
