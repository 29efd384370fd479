/// What comes to pass.
enum Happening: Hashable {
    // By themselves, again and again.
    case sale, lockChange, outage, networkChange, serverRestart, kill, reboot, suspend, wallClock, fullDisk, replay, slip, wrongCode, capChange

    // What follows from something.
    case timer(Int)
    case arrival(Int), parkOver(Int), answer(Int), failure(Int), timeout(Int), refusal(Int)
    case networkBack, serverBack, diskRoom
    case reportArrives(Int), reportAnswered(Int, through: Int64), reportFails(Int)
    case typing(Int)
    /// A sale at a moment that was chosen.
    case trial

    /// How often, in seconds on average.
    static let course: [Happening: Double] = [
        .sale: 15, .lockChange: 1200, .outage: 1800, .networkChange: 3600, .serverRestart: 7200, .kill: 7200, .reboot: 10_800, .suspend: 3600,
        .wallClock: 3600, .fullDisk: 40_000, .replay: 600, .slip: 5400, .wrongCode: 20_000, .capChange: 80_000,
    ]
}
