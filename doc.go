// Package hardening is the map of a library that judges how well a system is hardened: a
// running host, the host seen from a container, or a tree of files that was never booted.
//
// Data flows one way. Inventory tells what a system is and has; a check judges one aspect of
// it; a baseline says which checks apply, with which parameters; hipaa says what verdicts
// mean under the Security Rule; a report hands them on.
//
//   - [github.com/hardening-sdk/hardening/inventory]: systems, their file trees, and facts,
//     collected once and bounded. One package for each format below it: passwd, sshd,
//     systemd, sysctl and others.
//   - [github.com/hardening-sdk/hardening/check]: checks, how they compose, rules, and the run
//     that keeps a verdict from resting on what could not be read.
//   - [github.com/hardening-sdk/hardening/check/checktest]: the kit for testing checks, with
//     fixtures, faults and conformance. Ready-made checks lie beside it, by subject.
//   - [github.com/hardening-sdk/hardening/baseline]: the native YAML format, and in
//     [github.com/hardening-sdk/hardening/baseline/builtin] the baselines that come with the
//     library.
//   - [github.com/hardening-sdk/hardening/hipaa]: 45 CFR 164 Subpart C as a catalog, and the
//     mapping to its citations.
//   - [github.com/hardening-sdk/hardening/report]: reports as text and JSON.
//
// The library reads. It writes nothing, starts no program and opens no connection, has no
// global state, and starts no goroutine that outlives the call.
package hardening
