// Package hardening is the map of a library that judges how well a system is hardened: a
// running host, the host seen from a container, or a tree of files that was never booted.
//
// Data flows one way. Inventory tells what a system is and has; a check judges one aspect of
// it; a baseline says which checks apply, with which parameters; hipaa says what verdicts
// mean under the Security Rule; a report hands them on.
//
//   - [github.com/hardening-sdk/hardening/inventory]: systems and facts, collected once and
//     bounded. Below it stand families, such as
//     [github.com/hardening-sdk/hardening/inventory/services], which tells what starts, and
//     below each the formats it is made of.
//   - [github.com/hardening-sdk/hardening/inventory/filetree]: the contract of file trees, for
//     who brings one of another kind.
//   - [github.com/hardening-sdk/hardening/inventory/version]: the order of versions, a leaf.
//   - [github.com/hardening-sdk/hardening/check]: checks, how they compose, rules, and the run
//     that keeps a verdict from resting on what could not be read. Ready-made checks lie below
//     it, by subject.
//   - [github.com/hardening-sdk/hardening/inventory/inventorytest] and
//     [github.com/hardening-sdk/hardening/check/checktest]: the kits for tests, with systems
//     made of text, faults and conformance.
//   - [github.com/hardening-sdk/hardening/baseline]: the native YAML format, and in
//     [github.com/hardening-sdk/hardening/baseline/builtin] the baselines that come with the
//     library.
//   - [github.com/hardening-sdk/hardening/hipaa]: 45 CFR 164 Subpart C as a catalog, and the
//     mapping to its citations.
//   - [github.com/hardening-sdk/hardening/report]: reports as text and JSON.
//
// # Stability
//
// There are two tiers. The core and the families are frozen at v1: names are added, none goes
// or changes. Formats, ready-made checks and the forms of reports may change with a note in
// CHANGELOG.md; these are the packages inventory/FAMILY/FORMAT, check/SUBJECT (but for
// checktest) and report/FORMAT. Ids of rules and names of kinds stay.
//
// The library reads. It writes nothing, starts no program and opens no connection, has no
// global state, and starts no goroutine that outlives the call.
package hardening
