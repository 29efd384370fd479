import LockRules
import Testing
import Wire

struct LockStateTests {
    private static let pro = try! ChannelCode("KazTimpaPro")
    private static let mobi = try! ChannelCode("KazangMobi2")
    private static let store = try! ChannelCode("KazangStore")
    private static let a = try! AccountReference("AAAA")
    private static let b = try! AccountReference("BBBB")

    /// One row of the rules: the facts, the channel, and every reason that must come of it, in order.
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var registered: AccountReference? = nil
        var claimed: AccountReference? = nil
        var isKnown = true
        var accountExists = true
        var channels = [pro, mobi]
        var channel = pro
        var before = 0
        var accountHolds: Set<HoldKind> = []
        var deviceHolds: Set<HoldKind> = []
        var isDecommissioned = false
        var reasons: [Reason] = []
    }

    static let rows: [Row] = [
        Row(testDescription: "registered, nothing against it", registered: a),
        Row(testDescription: "registered and claims the same account", registered: a, claimed: a),
        Row(testDescription: "unregistered, signed in", claimed: a),
        Row(testDescription: "unknown IMEI, signed in", claimed: a, isKnown: false),
        Row(testDescription: "registered to X and claims Y", registered: a, claimed: b, reasons: [.registeredToAnotherAccount]),
        Row(testDescription: "neither registered nor signed in", accountExists: false, reasons: [.deviceNotRegistered]),
        Row(testDescription: "claims an account that is not there", claimed: a, accountExists: false, reasons: [.accountUnknown]),
        Row(testDescription: "channel not among the locked channels", registered: a, channel: store, reasons: [.channelNotPermitted]),
        Row(testDescription: "no locked channel at all", registered: a, channels: [], reasons: [.channelNotPermitted]),
        Row(testDescription: "second device, two channels", claimed: a, channel: mobi, before: 1),
        Row(testDescription: "second device, one channel", claimed: a, channels: [pro], before: 1, reasons: [.tooManyDevices]),
        Row(testDescription: "third device, two channels", claimed: a, before: 2, reasons: [.tooManyDevices]),
        Row(testDescription: "third device, three channels", claimed: a, channels: [pro, mobi, store], before: 2, reasons: [.tooManyDevices]),
        Row(testDescription: "vendor's hold", registered: a, accountHolds: [.vendor], reasons: [.accountLocked]),
        Row(testDescription: "two parties' holds", registered: a, accountHolds: [.vendor, .fraud], reasons: [.accountLocked]),
        Row(testDescription: "hold on the device", registered: a, deviceHolds: [.staff], reasons: [.deviceLocked]),
        Row(testDescription: "decommissioned", registered: a, isDecommissioned: true, reasons: [.deviceDecommissioned]),
        Row(
            testDescription: "everything at once", registered: a, claimed: b, channel: store, before: 5, accountHolds: [.staff],
            deviceHolds: [.fraud], isDecommissioned: true,
            reasons: [.deviceDecommissioned, .registeredToAnotherAccount, .channelNotPermitted, .tooManyDevices, .accountLocked, .deviceLocked]),
    ]

    @Test(arguments: rows)
    func collectsEveryReason(_ row: Row) {
        let facts = LockFacts(
            device: row.isKnown
                ? LockFacts.Device(registeredTo: row.registered, holds: row.deviceHolds, isDecommissioned: row.isDecommissioned, revision: 5) : nil,
            claimed: row.claimed,
            account: row.accountExists
                ? LockFacts.Account(reference: row.registered ?? Self.a, lockedChannels: row.channels, holds: row.accountHolds, revision: 9) : nil,
            devicesBefore: row.before)
        let state = LockState(channel: row.channel, facts: facts)
        #expect(state.reasons == row.reasons)
        #expect(state.isLocked == !row.reasons.isEmpty)
        #expect(state.account == row.registered ?? row.claimed)
    }

    @Test func theRevisionIsTheHigherOfDeviceAndAccount() {
        let device = LockFacts.Device(registeredTo: Self.a, holds: [], isDecommissioned: false, revision: 5)
        let account = LockFacts.Account(reference: Self.a, lockedChannels: [Self.pro], holds: [], revision: 9)
        #expect(LockState(channel: Self.pro, facts: LockFacts(device: device, claimed: nil, account: account, devicesBefore: 0)).revision == 9)
        #expect(LockState(channel: Self.pro, facts: LockFacts(device: device, claimed: nil, account: nil, devicesBefore: 0)).revision == 5)
        #expect(LockState(channel: Self.pro, facts: LockFacts(device: nil, claimed: nil, account: nil, devicesBefore: 0)).revision == 0)
    }
}
