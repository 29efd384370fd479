import Store
import Wire

/// Wrong sign-ins under one name slow down further ones: from the fifth in a quarter of an hour on, each has to wait, and longer each time.
///
/// A try counts as wrong from its beginning and is forgiven when it turns out right, so that many at once are counted as many.
enum SignInTries {
    static let window = Duration.seconds(15 * 60)
    static let allowed = 5
    private static let firstWait = Duration.seconds(30)
    private static let longestWait = Duration.seconds(300)

    /// Throws `TooManyTries`.
    static func check(_ nameHash: [UInt8], now: Timestamp, in reader: any StoreReader) throws {
        let failures = try reader.failedSignIns(nameHash: nameHash, since: now.adding(.zero - window))
        guard failures.count >= allowed, let last = failures.last else { return }
        let until = last.adding(min(longestWait, firstWait * (1 << min(10, failures.count - allowed))))
        guard now < until else { return }
        throw TooManyTries(seconds: Int((until.unixMilliseconds - now.unixMilliseconds + 999) / 1000))
    }

    static func begin(_ nameHash: [UInt8], now: Timestamp, in writer: any StoreWriter) throws {
        try check(nameHash, now: now, in: writer)
        try writer.forgetFailedSignIns(until: now.adding(.zero - window))
        try writer.insertFailedSignIn(nameHash: nameHash, at: now)
    }

    static func forgive(_ nameHash: [UInt8], in writer: any StoreWriter) throws { try writer.removeFailedSignIns(nameHash: nameHash) }
}

/// A try that was not even looked at.
struct TooManyTries: Error {
    let seconds: Int

    var problem: Problem {
        Problem(.tooManyTries, "Too many wrong sign-ins under this name. Try again in \(seconds) seconds; an administrator can set a new password.")
    }
}
