import Agent
import HTTPClient
import Platform
import Testing
import Wire

struct ServerTrustTests {
    private static let noon = KnownTime.release + 30 * 86_400
    private static func pin(_ byte: UInt8) -> CertificatePin { CertificatePin(digest: [UInt8](repeating: byte, count: 32)) }

    private func trust(pins: [CertificatePin]? = nil) throws -> ServerTrust {
        let enrolment = Enrolment(
            server: "https://lock.example", imei: try IMEI("490154203237518"), channel: try ChannelCode("KazTimpaPro"), account: nil,
            keys: JWKSet(keys: []), pins: pins, authority: ServerTrust.systemAuthorities, known_at: Self.noon)
        return ServerTrust(enrolment, caFile: nil)
    }

    // MARK: The clock

    @Test(arguments: [
        (0 as Int64, false), (KnownTime.release - 1, false), (noon - 1, false), (noon, true), (noon + 86_400 * 3650, true), (Int64.max, true),
        (Int64.min, false),
    ])
    func beforeTheServerIsHeardAClockCountsUnlessItIsBehindWhatHasPassed(wall: Int64, counts: Bool) {
        #expect(KnownTime(past: Self.noon).isPossible(wallSeconds: wall, at: Uptime(nanoseconds: 0)) == counts)
    }

    @Test func noClockIsBehindTheRelease() {
        for past in [nil, 0, KnownTime.release - 1] {
            #expect(!KnownTime(past: past).isPossible(wallSeconds: KnownTime.release - 1, at: Uptime(nanoseconds: 0)))
            #expect(KnownTime(past: past).isPossible(wallSeconds: KnownTime.release, at: Uptime(nanoseconds: 0)))
        }
    }

    private static let differences: [(Int64, Bool)] = [
        (0, true), (60, true), (-60, true), (61, false), (-61, false), (86_400, false), (-1_728_000_000, false), (7_000_000_000_000_000_000, false),
    ]

    @Test(arguments: differences)
    func onceItIsHeardAClockCountsWhileItAgrees(difference: Int64, counts: Bool) {
        var time = KnownTime(past: nil)
        time.hear(Self.noon, at: Uptime(milliseconds: 5_000))
        #expect(time.isPossible(wallSeconds: Self.noon + 10 + difference, at: Uptime(milliseconds: 15_000)) == counts)
        #expect(time.now(at: Uptime(milliseconds: 15_000)) == Self.noon + 10)
    }

    @Test func theDatesAreCheckedOnlyByAClockThatCounts() throws {
        var trust = try trust()
        var options: HTTPClientOptions
        let now = Uptime(milliseconds: 1_000)
        options = trust.options(wallSeconds: Self.noon + 5, at: now)
        #expect(options.checksDates)
        options = trust.options(wallSeconds: 10, at: now)
        #expect(!options.checksDates)
        trust.hear(Self.noon, at: now)
        options = trust.options(wallSeconds: Self.noon, at: now)
        #expect(options.checksDates)
        options = trust.options(wallSeconds: Self.noon + 86_400, at: now)
        #expect(!options.checksDates)
    }

    /// One that is ahead cannot be told from a right one, until the server says what time it is.
    @Test(arguments: [0 as Int64, noon - 1, noon, noon + 86_400 * 365 * 20, .max])
    func withPinsNoClockCountsBeforeTheServerIsHeard(wall: Int64) throws {
        var trust = try trust(pins: [Self.pin(1)])
        var options: HTTPClientOptions
        let now = Uptime(milliseconds: 1_000)
        options = trust.options(wallSeconds: wall, at: now)
        #expect(!options.checksDates)
        #expect(options.pinnedKeys == [Self.pin(1).description])
        trust.hear(Self.noon, at: now)
        options = trust.options(wallSeconds: wall, at: now)
        #expect(options.checksDates == (abs(wall.subtractingReportingOverflow(Self.noon).partialValue) <= 60))
        options = trust.options(wallSeconds: Self.noon, at: now)
        #expect(options.checksDates)
        // What the server takes back counts again at once.
        trust.take([], serverKey: nil, at: now)
        options = trust.options(wallSeconds: Self.noon + 3600, at: now)
        #expect(!options.checksDates)
    }

    // MARK: The pins

    @Test func takesPinsOnlyOverAConnectionThatTheyFit() throws {
        let now = Uptime(milliseconds: 1_000)
        let (old, new, other) = (Self.pin(1), Self.pin(2), Self.pin(3))
        var trust = try trust(pins: [old])
        var reports: [String] = []
        var unsaved: Enrolment?
        var options: HTTPClientOptions
        trust.hear(Self.noon + 100, at: now)
        options = trust.options(wallSeconds: 0, at: now)
        #expect(options.pinnedKeys == [old.description])

        trust.take([old], serverKey: old.digest, at: now)
        unsaved = trust.takeUnsaved()
        #expect(unsaved == nil, "nothing new")
        trust.take([new, other], serverKey: old.digest, at: now)
        unsaved = trust.takeUnsaved()
        #expect(unsaved == nil)
        reports = trust.takeReports()
        #expect(reports == ["pins_of_another_key"])
        trust.take([new, other], serverKey: old.digest, at: now)
        reports = trust.takeReports()
        #expect(reports == [], "told once")
        trust.take([old, new], serverKey: nil, at: now)
        unsaved = trust.takeUnsaved()
        #expect(unsaved == nil, "without TLS there is no key to pin")
        trust.take((1...9).map(Self.pin), serverKey: old.digest, at: now)
        #expect(trust.enrolment.pins == [old], "too many")

        trust.take([old, new], serverKey: old.digest, at: now)
        unsaved = trust.takeUnsaved()
        let pinned = try #require(unsaved)
        #expect(pinned.pins == [old, new])
        #expect(pinned.known_at == Self.noon + 100, "the time goes with it")
        unsaved = trust.takeUnsaved()
        #expect(unsaved == nil, "once")
        options = trust.options(wallSeconds: 0, at: now)
        #expect(options.pinnedKeys == [old.description, new.description])
        // A disk that refused: with the next connection again.
        trust.take([old, new], serverKey: old.digest, at: now)
        unsaved = trust.takeUnsaved()
        #expect(unsaved?.pins == [old, new])
        trust.didSave(pinned)
        trust.take([old, new], serverKey: new.digest, at: now)
        unsaved = trust.takeUnsaved()
        #expect(unsaved == nil)
        trust.take([], serverKey: nil, at: now)
        unsaved = trust.takeUnsaved()
        #expect(unsaved != nil && unsaved?.pins == nil)
        options = trust.options(wallSeconds: 0, at: now)
        #expect(options.pinnedKeys == [])
    }

    @Test func aFileOfAuthoritiesThatWasChangedIsToldOnceAndAnOldEnrolmentLearnsItsOwn() throws {
        var enrolment = try trust().enrolment
        let site = Site()
        site.write(site.root + "/ca.pem", "first")
        enrolment.authority = nil
        var trust = ServerTrust(enrolment, caFile: site.root + "/ca.pem")
        var reports: [String] = []
        var unsaved: Enrolment?
        reports = trust.takeReports()
        #expect(reports == [])
        unsaved = trust.takeUnsaved()
        let learnt = try #require(unsaved)
        #expect(learnt.authority == ServerTrust.authority(site.root + "/ca.pem"))
        trust = ServerTrust(learnt, caFile: site.root + "/ca.pem")
        (reports, unsaved) = (trust.takeReports(), trust.takeUnsaved())
        #expect(reports == [] && unsaved == nil)
        site.write(site.root + "/ca.pem", "second")
        for file in [site.root + "/ca.pem", nil] {
            trust = ServerTrust(learnt, caFile: file)
            reports = trust.takeReports()
            #expect(reports == ["ca_file_changed"])
            unsaved = trust.takeUnsaved()
            #expect(unsaved?.authority == ServerTrust.authority(file))
        }
        trust = ServerTrust(learnt, caFile: site.root + "/missing.pem")
        (reports, unsaved) = (trust.takeReports(), trust.takeUnsaved())
        #expect(reports == [] && unsaved == nil, "each connection says that it is missing")
    }
}
