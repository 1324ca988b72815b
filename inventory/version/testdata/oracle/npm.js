// Each line has two versions in hexadecimal; the answer is one of < = > or ! if the
// semver package refuses one of them.
process.env.NODE_PATH = '/usr/share/nodejs' // where Debian has it; a node of others does not look there
require('module')._initPaths()
const semver = require('semver')

const lines = require('fs').readFileSync(0, 'latin1').split('\n').filter(Boolean)
const text = (hex) => Buffer.from(hex, 'hex').toString('utf8')
const answer = (line) => {
  const [a, b] = line.split(' ').map(text)
  try {
    return '<=>'[semver.compare(a, b) + 1]
  } catch (e) {
    return '!'
  }
}
process.stdout.write(lines.map(answer).join('\n') + '\n')
