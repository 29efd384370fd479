import BackOffice
import Messaging
import TestSupport
import Testing
import Wire

/// A Stop on Freshchat while Freshchat itself is in trouble: nothing is lost, nothing is out of order, nothing is done twice.
@Suite struct FreshchatTroubleTests {
    private let here: FreshchatOffice
    private var freshchat: FreshchatStandIn { here.freshchat }
    private var slack: SlackStandIn { here.slack }
    private var office: ProviderOffice { here.office }

    init() throws { try self.init(FreshchatStandIn()) }

    private init(_ freshchat: FreshchatStandIn) throws { here = try FreshchatOffice(freshchat, patience: .milliseconds(400)) }

    private func say(in conversation: String = FreshchatOffice.conversation, user: String = FreshchatOffice.user) throws {
        try here.say(in: conversation, user: user)
    }

    private func steps(_ conversation: String = FreshchatOffice.conversation) -> [FreshchatStandIn.Step] { here.steps(conversation) }

    /// The kinds of the steps, whatever their texts.
    private func isRepliedAssignedResolved(_ conversation: String = FreshchatOffice.conversation) -> Bool {
        let steps = steps(conversation)
        guard steps.count == 3, case .replied = steps[0], case .changed(_, FreshchatOffice.group, "new") = steps[1],
            case .changed(_, nil, "resolved") = steps[2]
        else { return false }
        return true
    }

    // MARK: Who wrote cannot be asked for

    @Test(arguments: [
        Fault.status(500), .status(503, body: "upstream"), .status(401, body: #"{"code":401,"status":"UNAUTHENTICATED","message":"expired"}"#),
        .status(403), .status(404, body: #"{"code":404,"status":"USER_NOT_FOUND","message":"user not found"}"#),
        .status(429, headers: [(name: "Retry-After", value: "3")]), .hang,
    ])
    func keepsTheMessageUntilItsSenderIsKnown(_ fault: Fault) throws {
        // The request of the webhook itself, and two of the courier's.
        freshchat.fail(next: 3, with: fault)
        // Answered while Freshchat's own answer is still out.
        try say()
        #expect(MessagingConfiguration().lookUpPatience < .seconds(3), "Freshchat waits about three seconds")
        #expect(try office.holds().isEmpty)
        #expect(try office.metric("freshchat", "look_up_later") == 1)
        try office.waitForAlert(slack, containing: "nothing is locked until it can")
        try office.pass()
        #expect(try office.holds().isEmpty)
        #expect(try office.outbox("waiting").count == 1)
        // A lock waits for it: tried again within seconds, whatever went wrong.
        try office.pass(.seconds(15))
        try office.pass(.seconds(15))
        #expect(try office.holds().count == 1)
        #expect(isRepliedAssignedResolved(), "\(steps())")
        #expect(try office.outcomes() == ["locked"])
        #expect(freshchat.violations.isEmpty)
    }

    @Test func takesTheProvidersOwnRepeatOfAMessageThatWaitsForItsSender() throws {
        freshchat.fail(next: 2, with: .status(500))
        let webhook = try Webhooks.freshchat(text: "Stop 12345678", user: FreshchatOffice.user, conversation: FreshchatOffice.conversation)
        try office.take(webhook, FreshchatOffice.path)
        try office.pass()
        // Freshchat has recovered, and sends it once more before the courier asks again.
        try office.take(webhook, FreshchatOffice.path)
        #expect(try office.holds().count == 1)
        try office.pass(.seconds(15))
        #expect(try office.holds().count == 1)
        #expect(isRepliedAssignedResolved(), "\(steps())")
        #expect(try office.outcomes() == ["locked"])
    }

    @Test func takesAUserWhomFreshchatNeverKnowsForAStranger() throws {
        try say(user: "11111111-1111-4111-8111-999999999999")
        for _ in 0..<20 { try office.pass(.seconds(15)) }
        #expect(try office.holds().isEmpty)
        #expect(steps() == [.replied(conversation: FreshchatOffice.conversation, text: ProviderOffice.refusal)])
        #expect(try office.notes("stop_refused").count == 1)
        #expect(try office.outbox("waiting").isEmpty)
    }

    /// Our 200 has been given, so Freshchat will not send it again: nothing but a user, or none of that id, ends the asking.
    @Test(arguments: [
        (200, "<html>"), (200, ""), (200, "{}"), (200, #"{"success":false}"#), (202, ""), (204, ""), (302, ""), (400, "{}"), (429, "{}"),
    ])
    func asksAgainWhateverElseTheLookUpAnswers(_ status: Int, _ body: String) throws {
        freshchat.fail(next: 3, with: .status(status, body: body, headers: status == 429 ? [("Retry-After", "100000")] : []))
        try say()
        #expect(try office.holds().isEmpty)
        for _ in 0..<4 { try office.pass(.seconds(60)) }
        #expect(try office.holds().count == 1)
        #expect(isRepliedAssignedResolved(), "\(steps())")
    }

    @Test func tellsPeopleWhenTheSenderIsUnknownForADay() throws {
        freshchat.fail(next: 100, with: .status(500))
        try say()
        for _ in 0..<4 { try office.pass(.seconds(8 * 3600)) }
        #expect(try office.holds().isEmpty && office.outbox("waiting").isEmpty)
        #expect(
            try office.officeNotes("message_undelivered").map { $0["text"].string?.contains("look-up of Freshchat user \(FreshchatOffice.user)") }
                == [true])
        try office.waitForAlert(slack, containing: "Not delivered by Freshchat")
    }

    @Test func lockingNeedsNoMoreThanTheLookUp() throws {
        // Everything after the look-up fails for an hour; the lock stands from the first moment.
        freshchat.fail(next: 1, with: .slow(.zero))
        freshchat.fail(next: 12, with: .status(503))
        try say()
        #expect(try office.holds().count == 1)
        try office.pass()
        for _ in 0..<12 { try office.pass(.seconds(600)) }
        #expect(isRepliedAssignedResolved(), "\(steps())")
    }

    // MARK: The steps after the lock

    /// The terminal is silent, so the answer waits a second by the test's clock, and the test can spoil it.
    private func lockWithWaitingAnswer() throws {
        _ = try office.terminal()
        try say()
        #expect(try office.holds().count == 1 && steps().isEmpty)
    }

    @Test func keepsTheOrderWhenTheReplyMustWait() throws {
        try lockWithWaitingAnswer()
        freshchat.fail(next: 1, with: .status(429, headers: [(name: "Retry-After", value: "7")]))
        try office.pass(.seconds(1))
        try office.pass(.milliseconds(6900))
        #expect(steps().isEmpty, "neither before its time, nor overtaken by the steps behind it")
        try office.pass(.milliseconds(100))
        #expect(isRepliedAssignedResolved(), "\(steps())")
        #expect(freshchat.violations.isEmpty)
    }

    /// Reply, list of groups, assignment: the fourth request is the resolution.
    @Test(arguments: [Fault.status(500), .status(429), .hang, .acceptThenHang])
    func triesTheResolutionAgain(_ fault: Fault) throws {
        try lockWithWaitingAnswer()
        freshchat.fail(next: 3, with: .slow(.zero))
        freshchat.fail(next: 1, with: fault)
        try office.pass(.seconds(1))
        try office.pass(.seconds(4))
        #expect(steps().prefix(2).count == 2 && freshchat.conversation(FreshchatOffice.conversation)?.status == "resolved")
        #expect(freshchat.conversation(FreshchatOffice.conversation)?.replies.count == 1)
        #expect(freshchat.conversation(FreshchatOffice.conversation)?.group == FreshchatOffice.group)
        #expect(try office.notes("message_undelivered").isEmpty)
    }

    @Test func sendsNoReplyTwiceAndEndsTheConversationAllTheSame() throws {
        try lockWithWaitingAnswer()
        freshchat.fail(next: 1, with: .acceptThenHang)
        try office.pass(.seconds(1))
        #expect(isRepliedAssignedResolved(), "\(steps())")
        try office.pass(.seconds(3600))
        #expect(freshchat.conversation(FreshchatOffice.conversation)?.replies.count == 1)
        #expect(try office.notes("message_undelivered").map { $0["text"].string?.contains("nobody knows whether it arrived") } == [true])
    }

    // MARK: The group

    @Test func findsTheGroupOnTheSecondPage() throws {
        let groups = (0..<60).map { (name: $0 == 55 ? "Device Lock" : "Group \($0)", id: $0 == 55 ? FreshchatOffice.group : "77777777-\($0)") }
        let test = try FreshchatTroubleTests(FreshchatStandIn(groups: groups))
        try test.say()
        try test.office.pass()
        #expect(test.isRepliedAssignedResolved(), "\(test.steps())")
        #expect(
            test.freshchat.steps.filter { if case .listedGroups = $0 { true } else { false } } == [.listedGroups(page: 1), .listedGroups(page: 2)])
        // Known for an hour.
        try test.say(in: "55555555-5555-4555-8555-555555555556")
        try test.office.pass()
        #expect(test.isRepliedAssignedResolved("55555555-5555-4555-8555-555555555556"))
        #expect(test.freshchat.steps.count { if case .listedGroups = $0 { true } else { false } } == 2)
        #expect(test.freshchat.violations.isEmpty)
    }

    @Test func tellsPeopleThatThereIsNoSuchGroupAndLooksAgain() throws {
        let test = try FreshchatTroubleTests(FreshchatStandIn(groups: [("device lock", "77777777-7777-4777-8777-777777777777")]))
        try test.say()
        try test.office.pass()
        #expect(test.steps().count == 1, "answered, and neither assigned nor resolved")
        try test.office.waitForAlert(test.slack, containing: "no group 'Device Lock'")
        let asked = test.freshchat.received
        try test.office.pass(.seconds(300))
        #expect(test.freshchat.received == asked + 1)
        #expect(try test.office.outbox("waiting").count == 2)
        #expect(test.steps().count == 1)
    }

    @Test func looksForTheGroupAnewWhenItIsRefused() throws {
        try say()
        try office.pass()
        let other = "55555555-5555-4555-8555-555555555556"
        // Look-up and reply go, then the group's identifier is taken no more.
        freshchat.fail(next: 2, with: .slow(.zero))
        freshchat.fail(next: 1, with: .status(400, body: #"{"code":400,"status":"INVALID_VALUE","message":"group not found"}"#))
        try say(in: other)
        try office.pass()
        #expect(isRepliedAssignedResolved(other), "\(steps(other))")
        #expect(freshchat.steps.count { if case .listedGroups = $0 { true } else { false } } == 2)
        #expect(try office.notes("message_undelivered").isEmpty)
    }
}
