import Foundation
import Testing

/// SwiftPM lets an undeclared import compile, so the arrows of `Sources/README.md` are checked here, from the import lines themselves.
struct ImportTests {
    /// What each room may import of this package. Nothing else, and of the system only Foundation's essentials and the C library.
    static let arrows: [String: Set<String>] = [
        "Wire": [],
        "LockRules": ["Wire"],
        "AgentCore": ["Wire", "LockRules"],
        "Signing": ["CCrypto", "Wire"],
        "Platform": ["CLinux"],
        "HTTPClient": ["CCurl", "Platform"],
        "HTTPServer": ["CMicroHTTPD", "Platform"],
        "Varlink": ["Platform"],
        "Modem": ["CSystemd", "Platform", "Wire"],
        "PhoneNumbers": ["CPhoneNumber"],
        "Mail": ["CGMime", "Wire"],
        "Messaging": ["Signing", "Wire"],
        "Agent": ["AgentCore", "HTTPClient", "LockRules", "Modem", "Platform", "Signing", "Varlink", "Wire"],
        "Store": ["LockRules", "Signing", "Wire"],
        "StoreSQLite": ["CSQLite", "LockRules", "Platform", "Signing", "Store", "Wire"],
        "BackOffice": ["HTTPClient", "HTTPServer", "LockRules", "Mail", "Messaging", "PhoneNumbers", "Platform", "Signing", "Store", "Wire"],
        "VendlockAgent": ["Agent", "Modem", "Platform", "Varlink", "Wire"],
        "VendlockServer": [
            "BackOffice", "HTTPClient", "HTTPServer", "Messaging", "PhoneNumbers", "Platform", "Signing", "Store", "StoreSQLite", "Wire",
        ],
    ]

    /// The rooms that are pure: no clock, no file, no socket.
    static let pure: Set<String> = ["Wire", "LockRules", "AgentCore", "Store", "Messaging", "Mail"]
    static let system: Set<String> = ["FoundationEssentials", "Glibc", "Synchronization"]

    @Test(arguments: arrows.keys.sorted())
    func importsOnlyWhatItsArrowsAllow(_ room: String) throws {
        let allowed = Self.arrows[room, default: []].union(Self.pure.contains(room) ? ["FoundationEssentials", "Synchronization"] : Self.system)
        for file in try Tree.swiftFiles(below: "Sources/\(room)") {
            for module in try Tree.imports(of: file) {
                #expect(allowed.contains(module), "\(file.path) imports \(module)")
            }
        }
    }

    @Test func everyRoomHasItsArrows() throws {
        let folders = try Tree.folders(in: "Sources").filter { !$0.hasPrefix("C") }
        #expect(Set(folders) == Set(Self.arrows.keys))
    }

    @Test func eachCLibraryHasOneImporter() throws {
        var importers: [String: Set<String>] = [:]
        for room in Self.arrows.keys {
            for file in try Tree.swiftFiles(below: "Sources/\(room)") {
                for module in try Tree.imports(of: file) where module.first == "C" && module.dropFirst().first?.isUppercase == true {
                    importers[module, default: []].insert(room)
                }
            }
        }
        for (module, rooms) in importers { #expect(rooms.count == 1, "\(module) is imported by \(rooms.sorted())") }
        #expect(Set(importers.keys) == Set(try Tree.folders(in: "Sources").filter { $0.hasPrefix("C") }))
    }

    @Test func theDescriptionOfThePackageHasNoDependency() throws {
        let text = try String(contentsOf: Tree.root.appending(path: "Package.swift"), encoding: .utf8)
        #expect(!text.contains(".package("))
    }

    /// Only programs read arguments and the environment.
    @Test func roomsDoNotReadArgumentsOrTheEnvironment() throws {
        for room in Self.arrows.keys where !room.hasPrefix("Vendlock") {
            for file in try Tree.swiftFiles(below: "Sources/\(room)") {
                let text = try String(contentsOf: file, encoding: .utf8)
                for word in ["getenv(", "CommandLine.", "ProcessInfo"] { #expect(!text.contains(word), "\(file.path) has \(word)") }
            }
        }
    }
}
