module github.com/hardening-sdk/hardening/inventory/version/bench

go 1.26.3

require (
	github.com/Masterminds/semver/v3 v3.5.0
	github.com/aquasecurity/go-npm-version v0.0.2
	github.com/aquasecurity/go-pep440-version v0.0.1
	github.com/google/osv-scalibr v0.5.3
	github.com/hardening-sdk/hardening v0.0.0
	github.com/hashicorp/go-version v1.9.0
	github.com/knqyf263/go-apk-version v0.0.0-20200609155635-041fdbb8563f
	github.com/knqyf263/go-deb-version v0.0.0-20241115132648-6f4aee6ccd23
	github.com/knqyf263/go-rpm-version v0.0.0-20260811110310-1815e1f1b790
	github.com/masahiro331/go-mvn-version v0.0.0-20260119054159-d21fcd2e7de1
)

require (
	github.com/aquasecurity/go-version v0.0.1 // indirect
	github.com/hashicorp/errwrap v1.1.0 // indirect
	github.com/hashicorp/go-multierror v1.1.1 // indirect
	github.com/stretchr/testify v1.11.1 // indirect
	golang.org/x/xerrors v0.0.0-20240903120638-7835f813f4da // indirect
)

replace github.com/hardening-sdk/hardening => ../../..
