// The checks Slack's client makes before a form is sent.

import { actionKey, allBlocks, blockKey } from './surface.js';

const REQUIRED = 'Please complete this required field.';

const isEmpty = (value) => {
  const [, content] = Object.entries(value ?? {}).find(([key]) => key !== 'type') ?? [];
  return content === undefined || content === null || content === '' || (Array.isArray(content) && !content.length);
};

/** @returns {Object<string, string>} messages by block id */
export function validateBlocks(blocks, state) {
  const errors = {};
  allBlocks(blocks).forEach((block, index) => {
    if (block.type !== 'input' || !block.element) return;
    const key = blockKey(block, index);
    const value = state[key]?.[actionKey(block.element)];
    const message = isEmpty(value) ? !block.optional && REQUIRED : checkElement(block.element, value);
    if (message) errors[key] = message;
  });
  return errors;
}

function checkElement(element, value) {
  const text = value.value;
  switch (element.type) {
    case 'plain_text_input':
      if (element.min_length && text.length < element.min_length) return `Please enter at least ${element.min_length} characters.`;
      if (element.max_length && text.length > element.max_length) return `Please enter at most ${element.max_length} characters.`;
      return null;
    case 'number_input':
      return checkNumber(element, text);
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? null : 'Please enter a valid email address.';
    case 'url_text_input':
      return /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text) ? null : 'Please enter a valid URL.';
    default:
      return null;
  }
}

function checkNumber(element, text) {
  const pattern = element.is_decimal_allowed ? /^-?(?:\d+\.?\d*|\.\d+)$/ : /^-?\d+$/;
  if (!pattern.test(text)) return Number.isNaN(Number(text)) ? 'Please enter a valid number.' : 'Please enter a whole number.';
  const number = Number(text);
  if (element.min_value !== undefined && number < Number(element.min_value)) return `Please enter a number of at least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `Please enter a number of at most ${element.max_value}.`;
  return null;
}
