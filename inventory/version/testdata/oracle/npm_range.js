// Each line has a range and a version in hexadecimal; the answer is i if the version is in
// the range, o if it is not, ! if the semver package refuses one of them.
process.env.NODE_PATH = '/usr/share/nodejs' // where Debian has it; a node of others does not look there
require('module')._initPaths()
const semver = require('semver')

const lines = require('fs').readFileSync(0, 'latin1').split('\n').filter(Boolean)
const text = (hex) => Buffer.from(hex, 'hex').toString('utf8')
const answer = (line) => {
  const [range, v] = line.split(' ').map(text)
  try {
    return new semver.Range(range).test(new semver.SemVer(v)) ? 'i' : 'o'
  } catch (e) {
    return '!'
  }
}
process.stdout.write(lines.map(answer).join('\n') + '\n')
