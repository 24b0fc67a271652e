/** Something that can be an e-mail address. Whether it is one, only a letter tells. */
export const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
