import { expect, test } from 'vitest';
import { InputHistory, isComplete } from '../../../src/lab/console-input.js';

test('a line, and a block that ends with a blank line, are complete', () => {
  for (const code of [
    '1 + 1',
    'x = [1, 2]',
    'print("(")',
    "s = '''a\nb'''",
    'x = 1  # :',
    'd = {"a": 1}',
    'x[1:2]',
    'for i in x:\n    print(i)\n',
    'if x: print(x)',
    'print("\\"")',
    '"unclosed',
    'a = 1\nb = 2',
    ')',
  ]) {
    expect(isComplete(code), code).toBe(true);
  }
});

test('an open bracket, string or block is not', () => {
  for (const code of [
    'f(1,',
    'x = {"a": [1, 2]',
    "s = '''a\nb",
    'for i in x:',
    'for i in x:  # note',
    'for i in x:\n    print(i)',
    '@decorated',
    '@decorated\ndef f(): return 1',
    'x = 1 + \\',
    'f("a)", \n  2',
  ]) {
    expect(isComplete(code), code).toBe(false);
  }
});

test('the arrow keys go through what was entered, and back to what was typed', () => {
  const history = new InputHistory();
  expect(history.back('typed')).toBeNull();
  history.add('a');
  history.add('b');
  history.add('b');
  expect(history.forth()).toBeNull();
  expect([history.back('typed'), history.back('b'), history.back('a')]).toEqual(['b', 'a', null]);
  expect([history.forth(), history.forth(), history.forth()]).toEqual(['b', 'typed', null]);
  history.add('c');
  expect(history.back('')).toBe('c');
});
