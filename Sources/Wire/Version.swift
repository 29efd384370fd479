/// The version that both programs print and the agent reports.
package let vendlockVersion = "0.1.0"
