package main

import (
	"github.com/Masterminds/semver/v3"
	npm "github.com/aquasecurity/go-npm-version/pkg"
	pep440 "github.com/aquasecurity/go-pep440-version"
	"github.com/google/osv-scalibr/semantic"
	"github.com/hashicorp/go-version"
	apk "github.com/knqyf263/go-apk-version"
	deb "github.com/knqyf263/go-deb-version"
	rpm "github.com/knqyf263/go-rpm-version"
	mvn "github.com/masahiro331/go-mvn-version"
)

// A library is one that compares versions of a scheme.
type library struct {
	name    string
	compare func(a, b string) (int, error)
}

// rivals are the libraries by scheme.
var rivals = map[string][]library{
	"deb": {
		{"hashicorp/go-version", hashicorp},
		{"Masterminds/semver", masterminds},
		{"knqyf263/go-deb-version", parsed(deb.NewVersion, func(a, b deb.Version) int { return a.Compare(b) })},
		{"osv-scalibr semantic", scalibr("Debian")},
	},
	"rpm": {
		{"knqyf263/go-rpm-version", func(a, b string) (int, error) { return rpm.NewVersion(a).Compare(rpm.NewVersion(b)), nil }},
		{"osv-scalibr semantic", scalibr("Red Hat")},
	},
	"apk": {
		{"knqyf263/go-apk-version", parsed(apk.NewVersion, apk.Version.Compare)},
		{"osv-scalibr semantic", scalibr("Alpine")},
	},
	"npm": {
		{"Masterminds/semver", masterminds},
		{"aquasecurity/go-npm-version", parsed(npm.NewVersion, npm.Version.Compare)},
		{"osv-scalibr semantic", scalibr("npm")},
	},
	"pypi": {
		{"aquasecurity/go-pep440-version", parsed(pep440.Parse, pep440.Version.Compare)},
		{"osv-scalibr semantic", scalibr("PyPI")},
	},
	"maven": {
		{"masahiro331/go-mvn-version", parsed(mvn.NewVersion, mvn.Version.Compare)},
		{"osv-scalibr semantic", scalibr("Maven")},
	},
}

// parsed makes one function of parsing and comparing.
func parsed[V any](parse func(string) (V, error), compare func(V, V) int) func(a, b string) (int, error) {
	return func(a, b string) (int, error) {
		x, err := parse(a)
		if err != nil {
			return 0, err
		}
		y, err := parse(b)
		if err != nil {
			return 0, err
		}
		return compare(x, y), nil
	}
}

func scalibr(ecosystem string) func(a, b string) (int, error) {
	return func(a, b string) (int, error) {
		v, err := semantic.Parse(a, ecosystem)
		if err != nil {
			return 0, err
		}
		return v.CompareStr(b)
	}
}

var (
	hashicorp   = parsed(func(v string) (*version.Version, error) { return version.NewVersion(v) }, (*version.Version).Compare)
	masterminds = parsed(semver.NewVersion, (*semver.Version).Compare)
)
