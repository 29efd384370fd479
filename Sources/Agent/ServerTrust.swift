package import HTTPClient
package import Platform
private import Signing
package import Wire

/// Whom this terminal takes for its server: which authority, which keys, by which clock.
package struct ServerTrust: Sendable {
    /// What stands for the system's authorities in `Enrolment.authority`.
    package static let systemAuthorities = "system"

    package private(set) var enrolment: Enrolment
    /// As it is on disk.
    package private(set) var saved: Enrolment
    private var needsSaving = false
    private let caFile: String?
    private var time: KnownTime
    private var isClockPossible = true
    private var foreign: [CertificatePin] = []
    /// What the server is to hear of as tampering.
    private var reports: [String] = []

    package init(_ enrolment: Enrolment, caFile: String?) {
        self.enrolment = enrolment
        saved = enrolment
        self.caFile = caFile
        time = KnownTime(past: enrolment.known_at)
        // One that cannot be read fails each connection and says so.
        guard let authority = Self.authority(caFile), authority != enrolment.authority else { return }
        if enrolment.authority != nil {
            Log.warning(
                "The authorities that the server's certificate is checked against are not those of the enrolment: ca_file was changed. They count; the server is told."
            )
            reports.append("ca_file_changed")
        }
        self.enrolment.authority = authority
        needsSaving = true
    }

    /// What a CA file holds, by its digest; `nil` when it cannot be read.
    package static func authority(_ caFile: String?) -> String? {
        guard let caFile else { return systemAuthorities }
        do throws(SystemError) {
            return Digest.hex(Digest.sha256(try File.read(caFile, limit: 4 << 20)))
        } catch {
            return nil
        }
    }

    /// For connections that are made from now on.
    package mutating func options(wallSeconds: Int64, at moment: Uptime) -> HTTPClientOptions {
        var options = HTTPClientOptions(caFile: caFile, keepAlive: nil)
        options.pinnedKeys = (enrolment.pins ?? []).map(\.description)
        let isPossible = time.isPossible(wallSeconds: wallSeconds, at: moment)
        let isFirst = time.now(at: moment) == nil
        // Before the server is heard a clock that is ahead cannot be told from a right one. The server's own key is proof enough, then.
        options.checksDates = isPossible && !(isFirst && !options.pinnedKeys.isEmpty)
        // That it is right again is known once dates count by it.
        if isClockPossible != isPossible, isPossible == options.checksDates {
            isClockPossible = isPossible
            let clock = Timestamp(unixMilliseconds: wallSeconds.multipliedReportingOverflow(by: 1000).partialValue)
            Log.warning(
                isClockPossible
                    ? "The clock is right again (\(clock)): the dates in the server's certificate count."
                    : "The clock is wrong (\(clock)): the dates in the server's certificate are not checked. Set the clock.")
        }
        return options
    }

    /// The server's signed time.
    package mutating func hear(_ unixSeconds: Int64, at moment: Uptime) { time.hear(unixSeconds, at: moment) }

    /// Other pins from a connection that was made under the present ones.
    ///
    /// Believed only when this very connection's key is one of them: otherwise the next one would fail, for ever. Either somebody reads
    /// along with a certificate of a trusted authority, or the server is given pins of another key than its own.
    /// - Parameter serverKey: of the connection that brought them; without TLS there is none, and no pin.
    package mutating func take(_ pins: [CertificatePin], serverKey: [UInt8]?, at moment: Uptime) {
        guard pins.count <= CertificatePin.most else {
            Log.error("The server gives \(pins.count) pins, and \(CertificatePin.most) are the most: those of before stay.")
            return
        }
        if !pins.isEmpty {
            guard let serverKey else { return }
            guard pins.contains(where: { $0.digest == serverKey }) else { return refuse(pins, serverKey) }
        }
        foreign = []
        enrolment.pins = pins.isEmpty ? nil : pins
        enrolment.known_at = enrolment.pins == saved.pins ? saved.known_at : time.now(at: moment) ?? saved.known_at
        needsSaving = enrolment != saved
    }

    private mutating func refuse(_ pins: [CertificatePin], _ serverKey: [UInt8]) {
        guard pins != foreign else { return }
        foreign = pins
        let key = CertificatePin(digest: serverKey)
        Log.error(
            "The connection's key is \(key), and none of the pins that the server gives: somebody reads along, or the server's tls.pins are wrong. The pins of before stay."
        )
        reports.append("pins_of_another_key")
    }

    /// What is to be told, once.
    package mutating func takeReports() -> [String] {
        defer { reports = [] }
        return reports
    }

    /// What is to be written, once for each change; `didSave` when it is.
    package mutating func takeUnsaved() -> Enrolment? {
        guard needsSaving else { return nil }
        needsSaving = false
        return enrolment
    }

    package mutating func didSave(_ enrolment: Enrolment) { saved = enrolment }
}
