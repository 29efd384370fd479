import TestSupport
import Testing

/// Networks that have only one kind of address, or two of which one leads nowhere.
@Suite struct AddressTests {
    enum Ways: CaseIterable, Sendable {
        case onlyIPv4, onlyIPv6, both, bothButIPv6LeadsNowhere, bothButIPv4LeadsNowhere

        var families: Network.Families {
            switch self {
            case .onlyIPv4: .v4
            case .onlyIPv6: .v6
            default: .both
            }
        }

        /// Packets vanish, and nobody says so.
        var trouble: String? {
            switch self {
            case .bothButIPv6LeadsNowhere: "chain hole { type filter hook forward priority 0; meta nfproto ipv6 drop; }"
            case .bothButIPv4LeadsNowhere: "chain hole { type filter hook forward priority 0; meta nfproto ipv4 drop; }"
            default: nil
            }
        }
    }

    @Test(arguments: Ways.allCases) func aTerminalEnrolsAndIsLocked(over ways: Ways) async throws {
        try await onItsOwnThread {
            let scene = try Scene(ways.families)
            if let trouble = ways.trouble { try scene.network.trouble(trouble) }
            let agent = try scene.tradingTerminal()
            try scene.lockArrives(at: agent)
        }
    }

    /// The address that a living connection uses dies; the name has another.
    @Test func theLockArrivesOverTheOtherAddressWhenOneDies() async throws {
        try await onItsOwnThread {
            let scene = try Scene(lease: (10, 3))
            let agent = try scene.tradingTerminal()
            try scene.network.trouble(Ways.bothButIPv6LeadsNowhere.trouble ?? "")
            try scene.lockArrives(at: agent)
        }
    }
}
