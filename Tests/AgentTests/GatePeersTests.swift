import Glibc
import Testing

@testable import Agent
@testable import Platform

@Suite struct GatePeersTests {
    private let now = Uptime(milliseconds: 5_000_000)
    private func peer(_ uid: UInt32) -> Peer { Peer(pid: getpid(), uid: uid, gid: 1) }

    @Test func withoutAListEverybodyIsWelcome() throws {
        var peers = try GatePeers(nil)
        #expect(peers.verdict(on: peer(4711), at: now) == .welcome)
    }

    @Test func onlyThoseOfTheListAndRootAndItselfAreWelcome() throws {
        var peers = try GatePeers([.number(4711), .name("nobody")])
        for uid in [4711, 65534, 0, geteuid()] { #expect(peers.verdict(on: peer(uid), at: now) == .welcome, "\(uid)") }
        #expect(peers.verdict(on: peer(4712), at: now) != .welcome)
    }

    @Test func anotherUserIsReportedWithItsProgramAtMostOnceAnHour() throws {
        var peers = try GatePeers([])
        guard case .refused(let report?) = peers.verdict(on: peer(4712), at: now) else { return #expect(Bool(false), "nothing was reported") }
        #expect(report.hasPrefix("gate_peer uid=4712 pid=\(getpid()) exe=/"))
        #expect(peers.verdict(on: peer(4712), at: now + .seconds(3599)) == .refused(report: nil))
        #expect(peers.verdict(on: peer(4713), at: now + .seconds(3599)) != .refused(report: nil), "each user apart")
        #expect(peers.verdict(on: peer(4712), at: now + .seconds(3600)) != .refused(report: nil))
    }

    /// A process that has ended, as one that the system hides.
    @Test func whatIsNotShownOfAProgramIsSaidToBeHidden() throws {
        var peers = try GatePeers([])
        let nobody = Peer(pid: .max, uid: 4712, gid: 1)
        #expect(peers.verdict(on: nobody, at: now) == .refused(report: "gate_peer uid=4712 pid=2147483647 exe=hidden"))
        #expect(nobody.name == nil)
        let own = try #require(Peer(pid: getpid(), uid: geteuid(), gid: getegid()).name)
        #expect(!own.isEmpty && own.utf8.count <= 15 && !own.contains("\n"))
    }

    @Test func veryManyUsersMakeFewReports() throws {
        var peers = try GatePeers([])
        let reports = (5000..<6000).count { peers.verdict(on: peer($0), at: now) != .refused(report: nil) }
        #expect(reports == GatePeers.mostReported)
    }

    @Test func aNameThatNobodyHasIsAnError() {
        let error = #expect(throws: SystemError.self) { try GatePeers([.name("no-such-user")]) }
        #expect(error?.description.contains("no-such-user") == true)
    }
}
