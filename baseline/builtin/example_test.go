package builtin_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/hardening-sdk/hardening/baseline"
	"github.com/hardening-sdk/hardening/baseline/builtin"
)

func ExampleLoad() {
	b, err := builtin.Load(context.Background(), "linux-server")
	if err != nil {
		panic(err)
	}
	for _, g := range b.Groups {
		fmt.Println(g.Title)
	}
	// Output:
	// Patch known vulnerabilities
	// Remove software and services that are not needed
	// Remove default and orphaned accounts
	// Enable and configure security measures
}

// A baseline of one's own is made of the same ready-made checks. A mistake in it is told
// with its place.
func ExampleOptions() {
	const text = `format: hardening/v1
id: clinic
title: Servers of the clinic
version: 1.0.0
rules:
  - id: linux.ssh.few-attempts
    title: Logins over SSH end after three attempts
    severity: medium
    references: {hipaa-security-rule: ["164.312(d)", "164.312(x)"]}
    check: {kind: ssh.directive, args: {name: MaxAuthTries, max: 3}}
`
	_, err := baseline.Load(context.Background(), strings.NewReader(text), "clinic.yaml", builtin.Options())
	fmt.Println(err)
	// Output: clinic.yaml:9:54: hipaa-security-rule has no "164.312(x)"
}
