import BackOffice
import Glibc
import Platform
import Wire

/// `device …`.
enum DeviceCommands {
    static let all = [register, code, offlineCode, show, locate, move, signOut, reset, decommission]

    private static let register = Command(
        words: ["device", "register"], usage: "device register IMEI [--account REF] [--model NAME]",
        about: "make a terminal known, registered to an account (without --account: to none, it signs in to one)",
        options: APIClient.options + [.value("account"), .value("model")]
    ) { context in
        let imei = try context.imei(context.operand(0, "IMEI"))
        try context.noMore(after: 1)
        let body = NewDeviceBody(
            imei: imei, account: try context.arguments.value("account").map(context.reference), model: context.arguments.value("model"))
        let answer = try context.client().send("POST", "/v1/devices", body)
        try context.show(answer, lines(JSON.decode(DeviceBody.self, from: answer)))
    }

    private static let code = Command(
        words: ["device", "code"], usage: "device code IMEI", about: "print a one-time code with which the terminal enrols within 24 hours",
        options: APIClient.options
    ) { context in
        let imei = try context.imei(context.operand(0, "IMEI"))
        try context.noMore(after: 1)
        let answer = try context.client().call("POST", "/v1/devices/\(imei)/enrolment-codes")
        try context.show(answer, [JSON.decode(EnrolmentCodeBody.self, from: answer).code])
    }

    private static let offlineCode = Command(
        words: ["device", "offline-code"], usage: "device offline-code IMEI --action extend|unlock|lock [--hours N] --note TEXT",
        about: "a code for a verified vendor to type while the terminal has no network; it works once",
        options: APIClient.options + [.value("action"), .value("hours"), .value("note")]
    ) { context in
        let imei = try context.imei(context.operand(0, "IMEI"))
        try context.noMore(after: 1)
        let hours = try context.arguments.value("hours").map { text throws(CommandLineError) in
            guard let hours = Int(text) else { throw CommandLineError("--hours \(text): give whole hours, 1 to \(OfflineCode.mostHours)") }
            return hours
        }
        let body = NewOfflineCodeBody(
            action: try context.required("action"), hours: hours, note: try context.required("note"), verified: true)
        let answer = try context.client().send("POST", "/v1/devices/\(imei)/offline-codes", body)
        let code = try JSON.decode(OfflineCodeBody.self, from: answer)
        let digits = Array(code.code)
        let groups = [digits.prefix(4), digits.dropFirst(4).prefix(4), digits.dropFirst(8)].map { String($0) }
        try context.show(answer, [groups.joined(separator: " ")])
    }

    private static let show = Command(
        words: ["device", "show"], usage: "device show IMEI", about: "one terminal: registration, enrolment, last heard", options: APIClient.options
    ) { context in
        let imei = try context.imei(context.operand(0, "IMEI"))
        try context.noMore(after: 1)
        let answer = try context.client().call("GET", "/v1/devices/\(imei)")
        try context.show(answer, lines(JSON.decode(DeviceBody.self, from: answer)))
    }

    /// A terminal looks for its position for a minute at most, then asks its modem, and then says so.
    private static let patience = Duration.seconds(120)

    private static let locate = Command(
        words: ["device", "locate"], usage: "device locate IMEI [--wait]",
        about: "ask a terminal where it is; with --wait, print its answer when it has come",
        options: APIClient.options + [.flag("wait")]
    ) { context in
        let imei = try context.imei(context.operand(0, "IMEI"))
        try context.noMore(after: 1)
        let client = try context.client()
        let started = ContinuousClock.now
        let answer = try client.call("POST", "/v1/devices/\(imei)/location-requests")
        let request = try JSON.decode(LocationRequestBody.self, from: answer)
        guard context.arguments.has("wait") else {
            return try context.show(
                answer, ["asked (\(request.id), until \(request.expires_at)): vendlock-server device show \(imei) has the answer when it has come"])
        }
        while ContinuousClock.now - started < patience {
            let answer = try client.call("GET", "/v1/devices/\(imei)/locations?limit=10")
            let locations = try JSON.decode(LocationListBody.self, from: answer).locations
            if let found = locations.first(where: { $0.command == request.id }) {
                try context.show(JSON.encode(found), [line(found)].compactMap(\.self))
                guard line(found) != nil else { throw Failure("the terminal \(imei) \(Self.reason(found.why))") }
                return
            }
            usleep(200_000)
        }
        let device = try client.get(DeviceBody.self, "/v1/devices/\(imei)")
        throw Failure(
            "the terminal \(imei) is silent, last heard \(device.last_seen.map(\.description) ?? "never"). It is asked until \(request.expires_at); device show \(imei) has the answer when it has come."
        )
    }

    private static func line(_ found: LocationListBody.Location) -> String? {
        guard let lat = found.lat, let lon = found.lon else {
            return found.cell.map { "no position; cell \($0)" }
        }
        return line(lat, lon, accuracy: found.accuracy_m, fixedAt: found.fixed_at)
    }

    private static func line(_ lat: Double, _ lon: Double, accuracy: Double?, fixedAt: Timestamp?) -> String {
        "\(lat), \(lon)  " + (accuracy.map { "within \($0) m" } ?? "accuracy unknown") + (fixedAt.map { "  at \($0)" } ?? "")
    }

    private static func reason(_ why: String?) -> String {
        switch why {
        case "no_gpsd": "has no positioning service (gpsd) that answers. See its agent.json and its log."
        case "no_fix": "does not know where it is. Ask again when it is in the open."
        default: "has no position (\(why ?? "no reason given"))."
        }
    }

    private static let move = Command(
        words: ["device", "move"], usage: "device move IMEI --account REF --note TEXT [--ticket TEXT]",
        about: "register a registered terminal to another account; its holds and its enrolment go with it",
        options: APIClient.options + [.value("account"), .value("note"), .value("ticket")]
    ) { context in
        let imei = try context.imei(context.operand(0, "IMEI"))
        try context.noMore(after: 1)
        let body = DeviceMoveBody(
            account: try context.reference(context.required("account")), note: try context.required("note"),
            ticket: context.arguments.value("ticket"))
        let answer = try context.client().send("POST", "/v1/devices/\(imei)/move", body)
        try context.show(answer, lines(JSON.decode(DeviceBody.self, from: answer)))
    }

    private static let signOut = noted(
        "sign-out", about: "free the seat of a lost terminal that is registered to no account", "DELETE", "sign-in")

    private static let reset = noted(
        "reset", about: "end the enrolment of a terminal that lost its key, so that it can enrol with a new code", "DELETE", "enrolment")

    private static let decommission = noted(
        "decommission", about: "take a terminal out of service for good: it is locked, and its place on the account is free", "POST", "decommission")

    /// A change of one terminal that wants a reason.
    private static func noted(_ word: String, about: String, _ method: String, _ place: String) -> Command {
        Command(
            words: ["device", word], usage: "device \(word) IMEI --note TEXT", about: about, options: APIClient.options + [.value("note")]
        ) { context in
            let imei = try context.imei(context.operand(0, "IMEI"))
            try context.noMore(after: 1)
            let note = ReleaseBody(note: try context.required("note"))
            let answer = try context.client().send(method, "/v1/devices/\(imei)/\(place)", note)
            try context.show(answer, lines(JSON.decode(DeviceBody.self, from: answer)))
        }
    }

    private static func lines(_ device: DeviceBody) -> [String] {
        let account =
            device.account.map { "registered to \($0)" } ?? device.claimed_account.map { "signed in to \($0)" } ?? "registered to no account"
        return [
            "device      \(device.imei)  \(device.model ?? "")",
            "account     \(account)",
            "enrolled    \(device.enrolled ? "yes" : "no: vendlock-server device code \(device.imei)")",
            "last heard  \(device.last_seen.map(\.description) ?? "never")\(device.overdue ? "  OVERDUE" : "")",
        ]
            + (device.last_location.map { ["location    " + line($0.lat, $0.lon, accuracy: $0.accuracy_m, fixedAt: $0.fixed_at)] } ?? [])
            + (device.last_cell.map { ["cell        \($0.cell)  at \($0.receivedAt)"] } ?? [])
            + (device.decommissioned ? ["service     decommissioned"] : []) + device.holds.map { "hold        \($0.kind.rawValue): \($0.reason)" }
    }
}
