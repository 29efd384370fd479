/// An error as a reply: `{"error": "io.vendlock.Gate.UnknownOperation", "parameters": {"operation": "…"}}`.
package struct VarlinkFault: Error, Equatable, Sendable {
    /// The full name, interface and error.
    package let name: String
    package let parameters: [String: String]

    package init(_ name: String, _ parameters: [String: String] = [:]) {
        self.name = name
        self.parameters = parameters
    }

    /// - Source: varlink.org, the interface `org.varlink.service`
    package static func interfaceNotFound(_ interface: some StringProtocol) -> VarlinkFault {
        VarlinkFault("org.varlink.service.InterfaceNotFound", ["interface": String(interface)])
    }
    package static func methodNotFound(_ method: String) -> VarlinkFault {
        VarlinkFault("org.varlink.service.MethodNotFound", ["method": method])
    }
    package static func methodNotImplemented(_ method: String) -> VarlinkFault {
        VarlinkFault("org.varlink.service.MethodNotImplemented", ["method": method])
    }
    package static func invalidParameter(_ parameter: String) -> VarlinkFault {
        VarlinkFault("org.varlink.service.InvalidParameter", ["parameter": parameter])
    }
}
